"""The cost of inaction."""
