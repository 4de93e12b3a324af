"""The process that talks to a broker: its connection, the device it follows, and the outbox of facts."""
