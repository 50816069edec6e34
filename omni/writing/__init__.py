"""Strategy and posts, grounded in what was said."""
