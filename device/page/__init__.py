"""The page in a browser: a process of its own that follows the device and reads what it has written down.

It imports `desk` and the floors below.
"""
