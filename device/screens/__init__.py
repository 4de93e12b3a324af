"""How it is put: the screens, and sentences for people who read along. It imports `core` and the floors below."""
