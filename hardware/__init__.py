"""The parts of the device. Each file with a `PART` has one, with its check and its far end at the simulated desk."""
