"""The button."""
