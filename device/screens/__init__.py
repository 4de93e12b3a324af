"""The screens, and sentences for people who read along. They import `core` and the floors below."""
