"""The project's settings."""

import os
from pathlib import Path

SECRET_KEY = "for measuring only"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peer_django.serving"
ROOT = Path(__file__).parent
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "survey",
]  # fmt: skip
# No CSRF check, so that an answer takes one request: that is in the peer's favour.
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
]  # fmt: skip
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql", "HOST": os.environ["PEER_HOST"], "NAME": os.environ["PEER_NAME"],
        "USER": "feedbackhub", "CONN_MAX_AGE": None,
    }
}  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGIN_URL = "/"
CSV_DIRECTORY = TEX_DIRECTORY = ROOT
