"""What was said, when, and how loud."""
