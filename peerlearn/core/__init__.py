"""The kernel: knows nothing of lessons or points and could serve any Flask application."""
