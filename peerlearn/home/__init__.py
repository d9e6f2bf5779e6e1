"""Composition only: the today page, a person's profile, and what surrounds every page."""
