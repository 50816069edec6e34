"""Webhooks: what is told, how it is signed, and when it is told again."""
