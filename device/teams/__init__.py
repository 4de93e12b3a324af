"""What an office may know: teams in weeks, shown so that no person can be told from them."""
