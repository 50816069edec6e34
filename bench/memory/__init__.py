"""How fast the memory answers and keeps, how processes share it, and what it learns."""
