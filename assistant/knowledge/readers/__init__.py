"""One reader a file format: bytes in, numbered lines of text out."""
