"""What is seen: shots, faces, motion."""
