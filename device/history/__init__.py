"""Days as people and programs read them: figures, tables, pictures, day files, and why it sounded.

It imports `screens` and the floors below.
"""
