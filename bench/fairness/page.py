"""The report as one page that stands alone: figures, plots, and the table behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bench.fairness import report
from bench.fairness.findings import Found
from bench.fairness.plan import HONEST, TARGETS, Plan

WIDTH, HEIGHT, EDGE = 420, 260, 46
STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6577; --dot: #3457d5; --line: #c2410c; --back: #fbfaf8 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceef4; --soft: #a4adbe; --dot: #8fa8ff; --line: #fb923c; --back: #14171f } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem }
figure { display: inline-block; margin: 0 1rem 1.5rem 0; max-width: 100% }
svg { max-width: 100%; height: auto } text { fill: var(--soft); font-size: 12px }
circle, rect { fill: var(--dot); fill-opacity: .65 } line { stroke: var(--soft) } .target { stroke: var(--line) }
table { border-collapse: collapse } th, td { padding: .3rem .9rem .3rem 0; text-align: left } td.n { text-align: right }
.missed { color: var(--line); font-weight: 600 } pre { overflow-x: auto }
"""
Point = tuple[float, float]
Bar = tuple[str, float]


def page(found: Found, plan: Plan) -> str:
    """The whole page."""
    honest = found.of(HONEST)
    authors = [member for member in honest if member.is_author]
    gains = [(kind, found.gain(found.of(kind))) for kind in found.kinds]
    first = [(str(size), share) for size, share in found.first.items()]
    table = escape("\n".join(report.lines(found, plan)))
    plots = (
        scatter("XP beside what honest people know", "items known", "XP", [(m.knowledge, m.xp) for m in honest]),
        scatter(
            "Impact for teaching beside what others hold",
            "items that others hold",
            "Impact",
            [(m.taught, m.teaching) for m in authors],
        ),
        bars("What tricks were paid, of the honest median", gains, TARGETS.gain),
        bars("Chance of first place by team size", first, None),
    )
    rows = "".join(map(_row, report.figures(found)))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Fairness, simulated</title><style>{STYLE}</style><h1>Fairness, simulated</h1>"
        f"<table><thead><tr><th>Figure<th>found<th>target<th></thead><tbody>{rows}</tbody></table>"
        f"<h2>Plots</h2>{''.join(plots)}<h2>All figures</h2><pre>{table}</pre>"
    )


def _row(figure: report.Figure) -> str:
    sign = "at least" if figure.at_least else "at most"
    met = "met" if figure.is_met else "<span class=missed>missed</span>"
    return f"<tr><th>{escape(figure.name)}<td class=n>{figure.found:.3f}<td>{sign} {figure.target:g}<td>{met}"


def scatter(title: str, across: str, up: str, points: Sequence[Point]) -> str:
    """One dot for each person."""
    widest, highest = (max((point[axis] for point in points), default=1) or 1 for axis in (0, 1))
    dots = "".join(
        f"<circle r=3 cx={_across(x / widest):.1f} cy={_up(y / highest):.1f} />" for x, y in points if x >= 0
    )
    return _figure(title, (*_axes(across, up, f"{widest:.0f}", f"{highest:.0f}"), dots))


def bars(title: str, values: Sequence[Bar], target: float | None) -> str:
    """One bar for each value, with a line at the target."""
    highest = max([value for _, value in values] + [target or 0, 1e-9])
    step = (WIDTH - EDGE - 10) / max(1, len(values))
    drawn = [*_axes("", "", "", f"{highest:.2f}")]
    for place, (name, value) in enumerate(values):
        x, y = EDGE + step * (place + 0.15), _up(value / highest)
        drawn.append(f"<rect x={x:.1f} y={y:.1f} width={step * 0.7:.1f} height={HEIGHT - EDGE - y:.1f} />")
        drawn.append(
            f"<text x={x + step * 0.35:.1f} y={HEIGHT - 28 + 12 * (place % 2)} text-anchor=middle>{escape(name)}</text>"
        )
    if target is not None:
        y = _up(target / highest)
        drawn.append(f"<line class=target x1={EDGE} x2={WIDTH} y1={y:.1f} y2={y:.1f} />")
    return _figure(title, drawn)


def _across(share: float) -> float:
    return EDGE + share * (WIDTH - EDGE - 10)


def _up(share: float) -> float:
    return (HEIGHT - EDGE) - share * (HEIGHT - EDGE - 14)


def _axes(across: str, up: str, widest: str, highest: str) -> Iterator[str]:
    bottom = HEIGHT - EDGE
    yield f"<line x1={EDGE} x2={WIDTH} y1={bottom} y2={bottom} /><line x1={EDGE} x2={EDGE} y1=10 y2={bottom} />"
    yield f"<text x={WIDTH - 4} y={HEIGHT - 10} text-anchor=end>{escape(across)} {widest}</text>"
    yield f"<text x={EDGE + 6} y=18>{escape(up)} {highest}</text>"


def _figure(title: str, drawn: Sequence[str]) -> str:
    size = f"width={WIDTH} height={HEIGHT} viewBox='0 0 {WIDTH} {HEIGHT}'"
    picture = f"<svg role=img aria-label='{escape(title)}' {size}>{''.join(drawn)}</svg>"
    return f"<figure><figcaption>{escape(title)}</figcaption>{picture}</figure>"
