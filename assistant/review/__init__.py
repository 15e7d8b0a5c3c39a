"""Proposals become decisions; the only writer of accepted facts."""
