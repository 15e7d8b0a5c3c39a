"""Where a quote stands in a scene: the domain's own, under the name that the breakdown's checks know it by."""

from assistant.domain.quotes import Folded, fold, folded, locate

__all__ = ["Folded", "fold", "folded", "locate"]
