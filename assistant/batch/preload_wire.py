"""As `preload`, for a batch that may ask models over the wire: what takes the longest to load is shared too."""

from routers.provider import litellm_loaded

LOADED = litellm_loaded()
