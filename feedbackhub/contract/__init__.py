"""What a plugin's author meets: hooks, base classes, records, errors, strict types."""
