"""The commands about calendars, which the reader of calendars is one of."""
