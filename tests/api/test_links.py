"""The personal link in every form that a company can hand out."""

from tests.api.conftest import Caller


def test_the_kit_holds_html_to_paste(caller: Caller) -> None:
    kit = caller.contact()["kit"]
    again = caller.get(f"/invitations/{kit['invitation']}/link-kit").get_json()
    assert again == kit
    assert again["html"].count(f'href="{again["link"]}?a=') == 5
    assert 'dir="rtl"' in again["html"]
    assert "<style" not in again["html"]


def test_the_qr_codes_are_pictures(caller: Caller) -> None:
    kit = caller.contact()["kit"]
    svg = caller.get(f"/invitations/{kit['invitation']}/qr.svg")
    png = caller.get(f"/invitations/{kit['invitation']}/qr.png")
    assert kit["qr_svg"] == f"http://127.0.0.1:8000/api/v1/invitations/{kit['invitation']}/qr.svg"
    assert (svg.content_type, svg.text[:4]) == ("image/svg+xml", "<svg")
    assert (png.content_type, png.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_an_unknown_invitation_has_no_kit(caller: Caller) -> None:
    for form in ("link-kit", "qr.svg", "qr.png"):
        assert caller.get(f"/invitations/AAAAAAAAAAAA/{form}").status_code == 404
