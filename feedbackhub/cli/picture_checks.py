"""What `feedbackhub doctor` says about charts as pictures, as mails and pages without JavaScript show them."""

from __future__ import annotations

from collections.abc import Iterator

from ..machinery.artist import Artist
from ..machinery.fonts import SCRIPTS, can_tell, family_for
from ..machinery.i18n import I18n, language_name
from .checks import Finding

__all__ = ["check_pictures"]

SUBJECT = "charts"


def check_pictures(artist: Artist, i18n: I18n) -> Iterator[Finding]:
    """Tell whether charts can be drawn, and the letters of each language that customers and staff are spoken to in.

    Args:
        artist: What draws.
        i18n: The languages there are.
    """
    if not artist.ready:
        said = "not drawn as pictures: mails and pages without JavaScript show the tables instead"
        yield Finding("ok", SUBJECT, f"{said} (extra charts)")
        return
    if not can_tell():
        yield Finding("warning", SUBJECT, "cannot tell which fonts there are", "install fontconfig")
        return
    spoken = [language for language in i18n.languages("customer") if language in ("en", *SCRIPTS)]
    missing = [language_name(language, "en") for language in spoken if not family_for(language)]
    if missing:
        said = f"no font with the letters of {', '.join(missing)}; pictures show boxes instead"
        yield Finding("warning", SUBJECT, said, "install fonts, on Debian: apt install fonts-noto-core")
    else:
        yield Finding("ok", SUBJECT, "drawn as pictures, with a font for every language")
