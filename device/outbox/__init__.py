"""What the broker hasn't heard of the journal yet: facts and closed days, and how far it has heard."""
