"""Which moments are worth a Short, and why."""
