"""What the device is made of: pins, panel and buzzer, each with a simulated twin that runs the same adapter."""
