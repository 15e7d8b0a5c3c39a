"""From a scene to its elements."""
