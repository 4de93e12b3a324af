"""What is soldered and plugged together: the parts one buys, their pins, and the wires between them."""
