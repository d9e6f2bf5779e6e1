"""Places on a picture: shapes in pixels as rectangles in percent."""

from __future__ import annotations

from peerlearn.quizzes.exchange.xmltree import Node

_FULL = 100


def picture_size(node: Node) -> tuple[float, float]:
    """Width and height of the picture of an interaction; 0 where it does not say."""
    picture = node.first("object", "img")
    if picture is None:
        return 0.0, 0.0
    return _number(picture.get("width")), _number(picture.get("height"))


def area_of(place: Node, size: tuple[float, float]) -> str:
    """A place as `left,top widthxheight` in percent, "" where it cannot be told."""
    box = _box(place.get("shape").lower(), [_number(part) for part in place.get("coords").split(",")][:200], size)
    if box is None or min(size) <= 0:
        return ""
    left, top, right, bottom = box
    x, y = (_percent(value, whole) for value, whole in ((left, size[0]), (top, size[1])))
    width, height = (_percent(value, whole) for value, whole in ((right, size[0]), (bottom, size[1])))
    return f"{x:g},{y:g} {round(width - x, 1):g}x{round(height - y, 1):g}"


def _box(shape: str, coords: list[float], size: tuple[float, float]) -> tuple[float, float, float, float] | None:
    """The rectangle around a shape."""
    if shape == "default":
        return 0.0, 0.0, *size
    if shape == "circle" and len(coords) >= 3:
        x, y, radius = coords[:3]
        return x - radius, y - radius, x + radius, y + radius
    if shape == "ellipse" and len(coords) >= 4:
        x, y, across, down = coords[:4]
        return x - across, y - down, x + across, y + down
    if len(coords) < 4:
        return None
    across_, down_ = coords[0::2], coords[1::2]
    return min(across_), min(down_), max(across_), max(down_)


def _percent(value: float, whole: float) -> float:
    return round(min(max(value / whole * _FULL, 0.0), float(_FULL)), 1) if whole > 0 else 0.0


def _number(text: str) -> float:
    try:
        number = float(text.strip().rstrip("%px") or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0
