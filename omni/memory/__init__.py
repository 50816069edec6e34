"""What was made before, found again by meaning."""
