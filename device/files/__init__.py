"""Text files that somebody wrote: reading them, and complaining in one line. It imports nothing of ours."""
