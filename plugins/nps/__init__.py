"""The Net Promoter Score with honest intervals."""
