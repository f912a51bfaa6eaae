"""More than two hundred spellings of private addresses, and names that change their answer: none is connected to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import pytest

from feedbackhub.machinery.http import AddressRefused, Http, Unreachable
from feedbackhub.machinery.settings import HttpSettings

PRIVATE = (
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.3.4", "172.31.255.254", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "192.0.0.1",
)  # fmt: skip
INSIDE_SIX = (
    "::1", "::", "fe80::1", "fe80::1%25eth0", "fe80::1%25lo", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
    "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001", "2001:db8::1", "::ffff:0:127.0.0.1",
)  # fmt: skip


def spellings_of(address: str) -> Iterator[str]:
    """Yield ways to write a private IPv4 address as a host, in which some parser or other reads it."""
    number, (a, b, c, d) = int(ipaddress.IPv4Address(address)), (int(part) for part in address.split("."))
    yield from (address, f"{address}.", str(number), hex(number), hex(number).upper().replace("X", "x"), oct(number))
    yield from (f"0{number:o}", f"0X{number:X}", f"0x{number:016x}")
    yield from (f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{number & 0xFFFF}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}")
    yield from (f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"000{a:o}.{b}.{c}.{d}", f"{a:#x}.{b}.0{c:o}.{d}")
    for within in (f"::ffff:{address}", f"::FFFF:{address}", f"::ffff:{number >> 16:x}:{number & 0xFFFF:x}",
                   f"0:0:0:0:0:ffff:{number >> 16:x}:{number & 0xFFFF:x}", f"::{address}", f"64:ff9b::{address}",
                   f"64:ff9b:1::{address}", f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
                   f"2001:0:{number >> 16:x}:{number & 0xFFFF:x}::", f"fe80::5efe:{address}"):  # fmt: skip
        yield f"[{within}]"


NAMES = (
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "localhost.localdomain", "ip6-localhost", "user@127.0.0.1",
    "example.com@127.0.0.1", "example.com:80@127.0.0.1", "127.0.0.1:80:80", "127.0.0.1#.example.com",
    "127.0.0.1%00.example.com", "127.0.0.1%2f.example.com", "%31%32%37.0.0.1", "127。0。0。1", "127．0．0．1",
    "①②⑦.0.0.1", "１２７.0.0.1", "١٢٧.٠.٠.١", "[::ﬀff:7f00:1]", "loc\u00adalhost", "ⓛocalhost", "127.0.0.1\t", "127.1",
    "127.0.1", "0", "0.0", "00", "0x0", "0x7f.1", "0177.1", "017700000001", "4294967295", "255.255.255.255",
    "224.0.0.1", "240.0.0.1", "198.18.0.1", "192.0.2.1", "203.0.113.9", "198.51.100.7",
)  # fmt: skip
HOSTS = [*dict.fromkeys([*(each for one in PRIVATE for each in spellings_of(one)),
                         *(f"[{each}]" for each in INSIDE_SIX), *NAMES])]  # fmt: skip


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What somebody tried to connect to; nobody gets through."""
    tried: list[object] = []

    def connect(_self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.fixture
def guarded() -> Iterator[Http]:
    """A client that may call public addresses only."""
    client = Http(HttpSettings(timeout_seconds=0.5))
    yield client
    client.close()


def test_no_spelling_of_a_private_address_is_ever_connected_to(
    guarded: Http, connected: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        # Names are not looked up in the network; numbers in every spelling are read by the system itself.
        try:
            return real(host, *rest, **{**more, "flags": socket.AI_NUMERICHOST})  # type: ignore[arg-type]
        except (socket.gaierror, UnicodeError):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert len(HOSTS) >= 200
    for host in HOSTS:
        for url in (f"http://{host}/", f"https://{host}:8443/x"):
            with pytest.raises((AddressRefused, Unreachable)):
                guarded.get(url)
            assert connected == [], url


@pytest.mark.parametrize(
    "answers",
    [
        (["93.184.215.14"], ["127.0.0.1"]),
        (["93.184.215.14"], ["169.254.169.254"]),
        (["93.184.215.14"], ["::1"]),
        ([], ["127.0.0.1"]),
        (["127.0.0.1", "93.184.215.14"], ["10.0.0.1"]),
    ],
)
def test_a_name_that_changes_its_answer_gains_nothing(
    guarded: Http, connected: list[object], monkeypatch: pytest.MonkeyPatch, answers: tuple[list[str], list[str]]
) -> None:
    turns = [*answers, *[answers[-1]] * 50]

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = turns.pop(0)
        if not found:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for _ in range(4):
        with pytest.raises((AddressRefused, Unreachable)):
            guarded.post("http://rebinding.example/", json={})
    assert {each[0] for each in connected if isinstance(each, tuple)} <= {"93.184.215.14"}
