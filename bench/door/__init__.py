"""The door under load: see __main__."""
