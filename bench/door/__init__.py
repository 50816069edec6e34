"""Latency and throughput of the door; ``python -m bench.door``."""
