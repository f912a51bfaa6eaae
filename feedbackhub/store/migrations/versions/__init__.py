"""One module for each step of the core's schema."""
