"""The decisions: what is due, what a press does and when the guide begins.

It has no clock, thread, pin or file. It imports `stages` and the floors below.
"""
