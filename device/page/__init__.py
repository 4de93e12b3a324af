"""The page in a browser: a separate process that follows the device and reads its journal.

It imports `desk` and the floors below.
"""
