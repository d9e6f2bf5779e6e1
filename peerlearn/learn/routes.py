"""What learning gives to the application: its pages."""

from __future__ import annotations

from peerlearn.core import slots
from peerlearn.learn import opened, quiz_routes, reading_routes
from peerlearn.learn.blueprint import blueprint

__all__ = ["PAGES", "blueprint"]
PAGES = (reading_routes, quiz_routes)

slots.fill("lesson_history", "learn/slot_opened.html", opened.in_history)
