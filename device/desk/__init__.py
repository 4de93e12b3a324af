"""The simulated desk: hands, a worn pad, and the device live among them. It imports `run` and the floors below."""
