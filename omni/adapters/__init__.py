"""One outside thing each; they translate and delegate."""
