"""What is said between the parts of the program: events, effects, instants, and what each may ask of another.

It imports `body`.
"""
