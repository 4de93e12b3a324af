"""The panel: its chip, its bus, and the bytes to send for a picture."""
