"""Which moments are picked, against marks that were set by hand before: see ``docs/selection.md``."""
