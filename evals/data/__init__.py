"""Gold made by reading, a file a script, each with its provenance in the first row."""
