"""The look, checked by arithmetic and by reading its files."""
