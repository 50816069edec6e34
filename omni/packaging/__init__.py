"""The folder that a person receives."""
