"""An office with many desks: their credentials, what is collected of them, and its report."""
