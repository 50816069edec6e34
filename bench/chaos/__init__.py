"""``make chaos``: real jobs, everything killed at random moments, and the question whether anything was lost."""
