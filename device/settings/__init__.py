"""The settings and where they come from, and what the person has chosen.

They import `words` and `files`.
"""
