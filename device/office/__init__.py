"""An office with many desks: what is collected of them, what is suggested to them, and which weeks it has told."""
