"""The report of an office, in words: as text, and as a page."""
