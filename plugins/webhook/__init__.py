"""Any system's webhook becomes ended contacts, by configuration alone."""
