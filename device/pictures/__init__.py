"""From a screen to dots: layout, letters, figures; and days as bands. It imports `languages` and the floors below."""
