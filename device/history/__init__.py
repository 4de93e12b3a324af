"""Days for people and programs: figures, tables, pictures, day files, and why the device sounded.

They import `screens` and the floors below.
"""
