"""Who may connect to the office's brokers: desks and the office itself, and what those brokers are told of them."""
