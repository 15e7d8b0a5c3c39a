"""Imported once before workers are made, so that each of them begins at once and shares what was loaded."""

import assistant.batch.work
import assistant.exports.xlsx
import assistant.workflows.breakdown
import assistant.workflows.run
from routers.provider import litellm_loaded

litellm_loaded()
LOADED = (assistant.batch.work, assistant.exports.xlsx, assistant.workflows.breakdown, assistant.workflows.run)
