"""Imported once before workers are made, so that each of them begins at once and shares what was loaded."""

import assistant.batch.work
import assistant.exports.xlsx
import assistant.workflows.binding
import assistant.workflows.breakdown
import assistant.workflows.run
import assistant.workflows.supervising
from assistant.knowledge.chroma import chroma_loaded
from assistant.knowledge.embed import wordllama_loaded

LOADED = (assistant.batch.work, assistant.exports.xlsx, assistant.workflows, chroma_loaded(), wordllama_loaded())
