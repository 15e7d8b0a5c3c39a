"""Prompts as files, loaded and rendered in one place."""
