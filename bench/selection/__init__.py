"""Which moments are picked, against marks that a person set before: see ``docs/selection.md``."""
