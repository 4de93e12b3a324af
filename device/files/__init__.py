"""Reads text files that a person wrote, and reports errors in one line. It imports nothing of ours."""
