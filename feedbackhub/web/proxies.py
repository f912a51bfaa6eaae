"""Where the application stands: below a path of the public address, behind so many proxies."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ..machinery.settings import Settings

__all__ = ["SubPath", "place"]


class SubPath:
    """Serves the application below a path, whether or not the proxy in front strips that path.

    Args:
        application: What is served.
        prefix: Such as ``/feedback``.
    """

    def __init__(self, application: WSGIApplication, prefix: str) -> None:
        self.application, self.prefix = application, prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path == self.prefix or path.startswith(self.prefix + "/"):
            environ["PATH_INFO"] = path.removeprefix(self.prefix) or "/"
        environ["SCRIPT_NAME"] = self.prefix
        return self.application(environ, start_response)


def place(app: Flask, settings: Settings) -> None:
    """Tell an application its path and whose word it takes for the visitor's address.

    X-Forwarded-Host and X-Forwarded-Prefix are believed from nobody: both come from the settings.
    """
    prefix = urlsplit(settings.public_url).path
    if prefix:
        app.wsgi_app = SubPath(app.wsgi_app, prefix)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )
