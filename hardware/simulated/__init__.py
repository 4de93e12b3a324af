"""The far ends of the parts at the simulated desk."""
