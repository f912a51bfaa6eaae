"""Whether problems are solved at the first contact."""
