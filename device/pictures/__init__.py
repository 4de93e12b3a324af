"""From a screen to dots: layout, letters and figures, and days drawn as bands. It imports `words` and `body`."""
