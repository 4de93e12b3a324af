"""What it means: who sits, what is due, what a press does.

It has no clock, thread, pin or file, and imports `stretches` and the floors below.
"""
