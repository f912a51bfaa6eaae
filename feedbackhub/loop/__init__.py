"""What happens, in order: a contact comes in, it is decided, invited, delivered, collected, told and shown on the card."""
