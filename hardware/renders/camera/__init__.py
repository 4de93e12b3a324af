"""The camera: surfaces, light, and the picture that they give."""
