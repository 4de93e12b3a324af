"""What all parts share: the I2C bus, the form in which a part says what it is, and the way to check it."""
