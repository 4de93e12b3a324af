"""Pictures of the case: exploded, step by step, and on a desk with the picture of the panel in it."""
