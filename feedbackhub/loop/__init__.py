"""What happens, in order: intake, decision, invitation, delivery, page, answer, event, card."""
