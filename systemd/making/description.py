"""Reads the one description of what an installed Unsit consists of."""
