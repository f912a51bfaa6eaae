"""The plugin `webhooks`: signed events, and notes in helpdesks."""
