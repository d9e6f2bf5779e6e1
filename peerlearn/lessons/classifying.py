"""Who a lesson is for, in its text: what lint says about it, and how a choice is written down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_, Said
from peerlearn.lessons import rules
from peerlearn.lessons.frontmatter import MARK
from peerlearn.lessons.inspection import Found, Subject, rule, say


@rule
def audience_named(subject: Subject) -> Found:
    """A lesson for some names them, and one for all names nobody."""
    front, most = subject.file.front, subject.policy.teams_maximum
    if len(front.audience) > most:
        message = Said(N_("There are %(count)s teams."), N_("Keep the %(most)s that need it."))
        yield say("error", front.line_of("audience"), "many-teams", message, count=len(front.audience), most=most)
    is_for_some = front.classification in rules.FOR_SOME
    if is_for_some and not front.audience:
        message = Said(
            N_("It is not for everybody and names no team, so nobody could learn it."),
            N_("Say which teams it is for, as in “audience: [sales]”."),
        )
        yield say("error", front.line_of("classification"), "no-audience", message)
    elif front.audience and not is_for_some:
        message = Said(
            N_("It names teams, and everybody could see it."), N_("Make it restricted, or leave “audience:” out.")
        )
        yield say("error", front.line_of("audience"), "audience-for-all", message)


@rule
def known_teams(subject: Subject) -> Found:
    """Teams that a lesson is for exist."""
    teams, front = subject.known.teams, subject.file.front
    for slug in front.audience if teams is not None else ():
        if slug not in (teams or ()):
            message = Said(N_("There is no team “%(slug)s”."), N_("Use one of: %(teams)s."))
            listed = ", ".join(sorted(teams or ())[:20])
            yield say("error", front.line_of("audience"), "unknown-team", message, slug=slug[:60], teams=listed)


@rule
def goes_no_further(subject: Subject) -> Found:
    """What was made from a lesson that is not for everybody, or translates one, stays with those it is for."""
    front = subject.file.front
    for reaches in (subject.known.reaches, subject.known.translates):
        if not reaches or any(reach.covers(front) for reach in reaches):
            continue
        origin = reaches[0]
        message = Said(
            N_("It was made from a lesson that is not for everybody, and would go further than that one."),
            N_("Write “classification: %(class)s” and name no teams but these: %(teams)s. Or have that lesson opened."),
        )
        values = {"class": origin.classification, "teams": ", ".join(sorted(origin.audience))}
        yield say("error", front.line_of("classification"), "further-than-origin", message, **values)


_OWN_LINE = re.compile(r"(?:classification|audience)[ \t]*:")
UNREADABLE = N_("The block on top of the lesson has no beginning or no end. Mend it in the editor first.")


def classified(source: str, classification: str, audience: Sequence[str]) -> str:
    """A lesson's text with who it is for said in the block on top; all else stays as it was typed.

    Raises NotValid where there is no such block.
    """
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    last = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() == MARK), None)
    if last is None or lines[first].rstrip() != MARK:
        raise NotValid(UNREADABLE)
    kept, inside = [], False
    for line in lines[first + 1 : last]:
        inside = bool(_OWN_LINE.match(line)) or (inside and line[:1] in (" ", "\t", "-"))
        if not inside:
            kept.append(line)
    if classification != rules.CLASSIFICATION:
        kept.append(f"classification: {classification}")
    if audience:
        kept.append(f"audience: [{', '.join(audience)}]")
    return "\n".join([*lines[: first + 1], *kept, *lines[last:]])
