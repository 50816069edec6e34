"""Everything that decides the bytes of a Short."""
