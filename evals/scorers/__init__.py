"""Pure functions that compare an answer with what people annotated."""
