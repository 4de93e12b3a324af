"""What all parts share: the I2C bus."""
