"""The process that talks to a broker: its connection, the device it follows, and what it says and hears."""
