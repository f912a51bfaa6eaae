"""Do not ask when something in the contact matches a pattern."""
