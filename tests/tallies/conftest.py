"""An instance whose channels accept everything."""

from tests.loop.conftest import core, mail, settings, sms

__all__ = ["core", "mail", "settings", "sms"]
