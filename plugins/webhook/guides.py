"""What an administrator reads to connect a system."""

from __future__ import annotations

from pydantic import SecretStr

from feedbackhub import Setup

from .gate import CHOSEN_HERE, Gate
from .presets import guide
from .recipes import recipe_of
from .settings import SourceSettings

__all__ = ["setup_of"]

STEPS = {
    "en": ("Let the other system send a POST to {address} when a contact ends, as JSON or form fields.",),
    "id": ("Minta sistem lain mengirim POST ke {address} saat kontak berakhir, sebagai JSON atau kolom formulir.",),
}
WORDS = {
    "none": ("Not at all: anybody who knows the address may send.",
             "Tidak diperiksa: siapa pun yang tahu alamatnya dapat mengirim."),
    "header": ("A shared secret in the header field {header}.", "Rahasia bersama di kolom header {header}."),
    "basic": ("User name {user} and a password (HTTP Basic).", "Nama pengguna {user} dan kata sandi (HTTP Basic)."),
    "query": ("A shared secret in the address.", "Rahasia bersama di dalam alamat."),
    "jwt": ("A signed token (JWT) in the header field {header}.",
            "Token bertanda tangan (JWT) di kolom header {header}."),
    "vonage": ("Signed parameters (sig).", "Parameter bertanda tangan (sig)."),
    "hmac": ("{kind} of {signed} in the header field {header}.", "{kind} dari {signed} di kolom header {header}."),
    "unset": ("No secret is set, so every request is refused: set {option}.",
              "Rahasia belum diatur, sehingga semua permintaan ditolak: atur {option}."),
}  # fmt: skip
LABELS = {
    "basic": ("Password of user {user}", "Kata sandi pengguna {user}"),
    "header": ("Value of the header field {header}", "Isi kolom header {header}"),
    "query": ("Address with the secret in it", "Alamat dengan rahasia di dalamnya"),
    "": ("Secret for signatures", "Rahasia untuk tanda tangan"),
}


def setup_of(name: str, settings: SourceSettings, gate: Gate, public_url: str, language: str) -> Setup:
    """Return what an administrator needs to connect a source.

    Args:
        name: The source's name.
        settings: Its settings.
        gate: Checks its requests.
        public_url: The instance's address.
        language: What the administrator reads.
    """
    said = 1 if language == "id" else 0
    address = f"{public_url.rstrip('/')}/in/{name}"
    words = _words(settings, gate)
    scheme = settings.verify.scheme
    verified = WORDS[words["which"]][said].format(**words)
    if scheme != "none" and not gate.secret:
        verified += " " + WORDS["unset"][said].format(**words)
    label = LABELS.get(scheme, LABELS[""])[said].format(**words)
    value = gate.key_in(address) if scheme == "query" else settings.verify.prefix + gate.secret
    # What the other system made up need not be pasted back there.
    secrets = {label: SecretStr(value)} if scheme in CHOSEN_HERE and gate.secret else {}
    steps = guide(settings.preset).steps if settings.preset else STEPS
    chosen = steps.get(language, steps["en"])
    return Setup(
        verified=verified,
        secrets=secrets,
        steps=tuple(step.format(address=address, name=name, **words) for step in chosen),
        template=settings.template,
        docs=f"docs/connect/{settings.preset}.md" if settings.preset else "docs/sources.md",
    )


def _words(settings: SourceSettings, gate: Gate) -> dict[str, str]:
    scheme, recipe = settings.verify.scheme, recipe_of(settings.verify)
    words = {"which": scheme, "user": settings.verify.user, "header": gate.header, "option": gate.option,
             "credentials": gate.option.replace("verify.secret", "credentials.token")}
    if scheme in ("jwt", "messagebird"):
        words |= {"which": "jwt", "header": settings.verify.header or "authorization"}
    if recipe:
        kind = ("HMAC-" if recipe.keyed else "") + recipe.algorithm.upper()
        words |= {"which": "hmac", "kind": kind, "signed": recipe.signed, "header": recipe.header}
    return words
