"""A minimal Django project around django-survey-and-report, run by an interpreter of its own; see `bench.rows_peer`."""
