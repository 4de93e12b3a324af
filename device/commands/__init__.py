"""What the device can be asked to do on the command line, a file for each kind of thing."""
