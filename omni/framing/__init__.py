"""Where the 9:16 camera looks."""
