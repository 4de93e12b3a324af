"""What each stage knows by itself: who sits, for how long, what a finger did, when to speak up.

It imports `stretches` and the floors below.
"""
