"""Gemini behind the ports ``LanguageModel`` and ``Embedder``; importing it costs 0.4 s, so it is imported where it is used."""

from omni.adapters.gemini.embedder import GeminiEmbedder
from omni.adapters.gemini.model import GeminiModel

__all__ = ["GeminiEmbedder", "GeminiModel"]
