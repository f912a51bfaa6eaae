"""Break a running instance on purpose, as real machines do, and count what was lost or came twice."""
