"""Evals that earn a model its place."""
