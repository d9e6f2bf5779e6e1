"""Icons as markup, made once for each name: a page shows dozens of them."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

SILENT = Markup('<svg class="icon icon-{}" aria-hidden="true"><use href="{}#{}"></use></svg>')
SPEAKING = Markup('<svg class="icon icon-{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>')


@lru_cache(maxsize=2048)
def icon_markup(sprite: str, name: str, label: str | None, size: str) -> Markup:
    """One icon of the sprite; with a label it is read out, without one it is decoration."""
    if label:
        return SPEAKING.format(size, label, sprite, name)
    return SILENT.format(size, sprite, name)
