"""One Short against the least that any program could do, and against MoviePy drawing the same picture."""
