"""Pages, messages and static files of the core."""
