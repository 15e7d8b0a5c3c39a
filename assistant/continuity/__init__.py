"""What must match, and what can not be true."""
