"""Files in, a Screenplay out."""
