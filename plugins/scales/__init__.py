"""More question types: agreement and thumbs."""
