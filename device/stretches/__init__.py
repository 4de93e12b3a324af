"""The stretches, the file they come from, and the routine of a break.

They import `languages` and the floors below.
"""
