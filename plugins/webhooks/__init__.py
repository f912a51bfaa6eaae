"""Events as signed webhooks, and answers as notes in the helpdesk."""
