"""The HTTP door: routes, and what they need."""
