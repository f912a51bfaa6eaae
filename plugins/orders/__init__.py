"""Recent orders on the card, looked up over HTTP."""
