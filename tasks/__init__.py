"""The patience: one file a stage; retries, cache, name. The craft is in omni."""
