"""What speaks for and against a window: one kind or small family a file, each a function of window and material."""
