"""Text of strangers: what hides in it, where it points, and how it is given to a model as data."""
