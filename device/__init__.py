"""What the device is: words, stages, rules, screens, content, settings, the loop and the command line."""

__version__ = "0.1.0"
