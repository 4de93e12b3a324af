"""The journal: a file that survives the plug being pulled, its writer and its readers.

They import `history` and the floors below.
"""
