"""The stages: who sits, for how long, what a finger did and when to remind.

Each works by itself. They import `stretches` and the floors below.
"""
