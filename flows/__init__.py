"""The order: what follows what."""
