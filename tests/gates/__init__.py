"""The house rules, held by tests that read the sources: a new file is held to them without being listed here."""
