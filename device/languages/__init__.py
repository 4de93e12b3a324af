"""What the screens and the page say in each language. It imports `settings` and the floors below."""
