"""What staff administers: users, keys, the audit log, imports, exports and erasing."""
