"""What the desk says on a broker, and what it may be told there: topics, payloads, Home Assistant's discovery."""
