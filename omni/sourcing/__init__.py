"""What the input really is, told honestly."""
