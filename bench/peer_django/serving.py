"""The project's addresses, and its application for gunicorn."""

from django.core.wsgi import get_wsgi_application
from django.urls import include, path

application = get_wsgi_application()
urlpatterns = [path("survey/", include("survey.urls"))]
