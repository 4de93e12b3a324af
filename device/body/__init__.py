"""A stick body and how it moves. It imports nothing of ours."""
