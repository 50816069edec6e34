"""The craft: finding moments, framing, cutting, writing, remembering. It has never heard of Prefect."""
