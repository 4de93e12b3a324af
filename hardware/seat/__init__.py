"""The seat: what senses that somebody sits. One file for each kind of sensor."""
