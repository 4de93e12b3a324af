"""How to move: stretches, the file they come from, and the routine of a break.

It imports `languages` and the floors below.
"""
