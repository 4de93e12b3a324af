"""The meetings in a calendar: when they are, and nothing else of them."""
