"""The panel: the chip, the bus, and what has to be sent of a picture."""
