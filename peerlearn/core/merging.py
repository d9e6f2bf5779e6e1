"""Two people changed one text: what both of them did, in one text. Lines are the smallest thing that is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from peerlearn.core.likeness import LINE, alike, compared

MAX_LINES = 4_000
"""More lines than these in the changed part of a text count as one single change."""

CHOICES = ("ours", "theirs", "both")


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines that are the same whoever is asked: nobody changed them, or one side did, or both did alike."""

    text: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A place that both sides changed, each in another way; `base` is how it was before."""

    base: str
    ours: str
    theirs: str

    def chosen(self, choice: str) -> str:
        """What stands here after this choice; `both` is ours and then theirs."""
        if choice == "both":
            return _put_together((self.ours, self.theirs))
        return self.ours if choice == "ours" else self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged text in pieces. It is whole when nothing in it is disputed."""

    pieces: tuple[Settled | Disputed, ...]

    @property
    def conflicts(self) -> tuple[Disputed, ...]:
        """The places where somebody has to choose, from top to bottom."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Disputed))

    @property
    def text(self) -> str:
        """The merged text; where both sides stand against each other it holds ours, then theirs."""
        return self.settled(["both"] * len(self.conflicts))

    def settled(self, choices: Sequence[str]) -> str:
        """The text after somebody chose `ours`, `theirs` or `both` for each conflict, from top to bottom."""
        chosen = iter(choices)
        return _put_together(
            piece.text if isinstance(piece, Settled) else piece.chosen(next(chosen)) for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `start` to `end` of the base became `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, ours: str, theirs: str) -> Merge:
    """What became of `base` when one side made `ours` of it and the other one `theirs`."""
    if ours == theirs or theirs == base:
        return Merge((Settled(ours),))
    if ours == base:
        return Merge((Settled(theirs),))
    lines = LINE.findall(base)
    mine, others = list(_changes(lines, LINE.findall(ours))), list(_changes(lines, LINE.findall(theirs)))
    pieces: list[Settled | Disputed] = []
    done = 0
    for group in _groups(mine, others):
        start = min(change.start for change, _is_mine in group)
        end = max(change.end for change, _is_mine in group)
        pieces.append(Settled("".join(lines[done:start])))
        pieces += _settled_or_not(lines[start:end], start, group)
        done = end
    pieces.append(Settled("".join(lines[done:])))
    return Merge(tuple(_joined(pieces)))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    """What was changed, from top to bottom; where as many lines took the place of others, line for line."""
    place = 0
    for same, olds, news in compared(old, new, MAX_LINES):
        if not same and len(olds) == len(news):
            pairs = enumerate(zip(olds, news, strict=True), start=place)
            yield from (_Change(n, n + 1, (line,)) for n, (before, line) in pairs if before != line)
        elif not same:
            yield _Change(place, place + len(olds), tuple(news))
        place += len(olds)


_Sided = tuple[_Change, bool]


def _groups(mine: Iterable[_Change], others: Iterable[_Change]) -> Iterator[list[_Sided]]:
    """The changes from top to bottom; those that are about the same lines together."""
    sided = [(change, True) for change in mine] + [(change, False) for change in others]
    group: list[_Sided] = []
    for each in sorted(sided, key=lambda one: (one[0].start, one[0].end)):
        if group and not any(before[1] != each[1] and _meet(before[0], each[0]) for before in group):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _meet(one: _Change, other: _Change) -> bool:
    """Whether two changes are about the same lines: they share some, or one fills a place that the other took away.

    Neighbours do not meet: one may change a line and the other the next one, or write on below it.
    """
    if other.start < one.end:
        return True
    if other.start > one.end:
        return False
    are_new = [change.start == change.end for change in (one, other)]
    return all(are_new) or (any(are_new) and not (one.lines and other.lines))


def _settled_or_not(base: list[str], first: int, group: Sequence[_Sided]) -> Iterator[Settled | Disputed]:
    ours = _applied(base, first, [change for change, is_mine in group if is_mine])
    theirs = _applied(base, first, [change for change, is_mine in group if not is_mine])
    if ours == theirs or len({is_mine for _change, is_mine in group}) == 1:
        yield Settled("".join(ours if group[0][1] else theirs))
        return
    head = alike(ours, theirs)
    tail = min(alike(ours[::-1], theirs[::-1]), len(ours) - head, len(theirs) - head)
    yield Settled("".join(ours[:head]))
    yield Disputed("".join(base), "".join(ours[head : len(ours) - tail]), "".join(theirs[head : len(theirs) - tail]))
    yield Settled("".join(ours[len(ours) - tail :]))


def _applied(base: list[str], first: int, changes: Iterable[_Change]) -> list[str]:
    lines: list[str] = []
    done = first
    for change in changes:
        lines += [*base[done - first : change.start - first], *change.lines]
        done = change.end
    return [*lines, *base[done - first :]]


def _joined(pieces: Iterable[Settled | Disputed]) -> Iterator[Settled | Disputed]:
    """The pieces without empty ones, and what is settled in one piece where it stands together."""
    settled: list[str] = []
    for piece in pieces:
        if isinstance(piece, Settled):
            settled.append(piece.text)
            continue
        if any(settled):
            yield Settled(_put_together(settled))
        yield piece
        settled = []
    if any(settled):
        yield Settled(_put_together(settled))


def _put_together(texts: Iterable[str]) -> str:
    """Texts one below the other: where one ends without an end of its line, it gets one."""
    whole = ""
    for text in texts:
        whole += f"\n{text}" if text and whole and not whole.endswith("\n") else text
    return whole
