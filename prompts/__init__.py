"""Prompts as files, loaded and rendered in one place."""

from prompts._prompt import Prompt, PromptError, catalogue, fenced, load, locked_versions, parse, render, task_versions

__all__ = [
    "Prompt",
    "PromptError",
    "catalogue",
    "fenced",
    "load",
    "locked_versions",
    "parse",
    "render",
    "task_versions",
]
