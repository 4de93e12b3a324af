"""The commands about calendars, which the feed's process runs as well."""
