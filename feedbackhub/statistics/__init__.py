"""Honest numbers: pure functions over counts, standard library only, with the source of every formula."""
