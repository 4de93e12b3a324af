"""What the parts are wired to at the simulated desk."""
