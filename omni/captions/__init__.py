"""Words on the picture, and beside it."""
