"""Settings that change while the device runs: saving them, putting them in force, and the way back."""
