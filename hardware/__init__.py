"""The parts of the device: pins, panel and buzzer. Each has a simulated twin that uses the same adapter."""
