"""Reads calendars: which of their events are meetings of their owner, and when these are."""
