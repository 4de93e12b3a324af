"""What the core knows: its modes and rules, what it remembers, its state, and the snapshot that others see of it."""
