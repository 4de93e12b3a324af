"""Every number the device goes by, where it comes from, and what the person has chosen.

It imports `words` and `files`.
"""
