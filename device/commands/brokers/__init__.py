"""The commands that talk to a broker."""
