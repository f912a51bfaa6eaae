"""HTTP: survey pages, the card, the staff area, the API and sign-in."""
