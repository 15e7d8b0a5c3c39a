"""LangGraph lives here and nowhere else."""
