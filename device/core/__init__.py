"""What it means: what is due, what a press does, when the guide begins.

It has no clock, thread, pin or file, and imports `stages` and the floors below.
"""
