"""The searchable store of one production's material."""

from assistant.knowledge.chroma import Vectors
from assistant.knowledge.chunk import script_passages, text_passages
from assistant.knowledge.embed import Embedder, WordLlamaEmbedder
from assistant.knowledge.index import Knowledge
from assistant.knowledge.routed import RoutedEmbedder

__all__ = [
    "Embedder",
    "Knowledge",
    "RoutedEmbedder",
    "Vectors",
    "WordLlamaEmbedder",
    "script_passages",
    "text_passages",
]
