"""What the parts of the program pass to each other: events, effects and instants, and the protocols of the parts.

They import `body`.
"""
