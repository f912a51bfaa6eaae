"""The analyses of the plugin `apology`."""
