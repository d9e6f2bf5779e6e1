"""What learning gives to the application: its pages."""

from __future__ import annotations

from peerlearn.learn import quiz_routes, reading_routes
from peerlearn.learn.blueprint import blueprint

__all__ = ["PAGES", "blueprint"]
PAGES = (reading_routes, quiz_routes)
