"""What is remembered: the file that survives the plug being pulled, who writes it and who reads it.

It imports `history` and the floors below.
"""
