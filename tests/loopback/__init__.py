"""A model provider on loopback that speaks the real wire formats and fails on request."""

from tests.loopback.script import FAULTS, Fault, Reply, Request
from tests.loopback.server import Loopback

__all__ = ["FAULTS", "Fault", "Loopback", "Reply", "Request"]
