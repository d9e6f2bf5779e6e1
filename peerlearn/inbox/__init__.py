"""The inbox: notices about what others did that concerns you, and mail."""
