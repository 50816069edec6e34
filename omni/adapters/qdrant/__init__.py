"""Qdrant behind the port ``Memory``."""

from omni.adapters.qdrant.memory import QdrantMemory

__all__ = ["QdrantMemory"]
