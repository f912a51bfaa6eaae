"""The revisions of the plugin's own tables."""
