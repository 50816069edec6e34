"""The doors: who may ask, and how."""
