"""What a lesson says of others by their ids: what to learn first, what to go on with, what it is a translation of."""

from __future__ import annotations

from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import Found, Subject, rule, say

UNKNOWN = Said(N_("There is no other lesson with the id “%(uid)s”."), N_("Correct it or remove it."))


def _is_unknown(subject: Subject, uid: str) -> bool:
    uids = subject.known.uids
    return uid == subject.file.front.id or (uids is not None and uid not in uids)


@rule
def prerequisites_known(subject: Subject) -> Found:
    """What should be learned first exists, and is not the lesson itself, nor waits for it."""
    front = subject.file.front
    for uid in front.prerequisites:
        if uid in subject.known.circular and uid != front.id:
            message = Said(
                N_("“%(uid)s” waits for this lesson itself, so nobody could begin with either."),
                N_("Remove it here or there."),
            )
            yield say("error", front.line_of("prerequisites"), "circular-prerequisite", message, uid=uid[:80])
        elif _is_unknown(subject, uid):
            yield say("error", front.line_of("prerequisites"), "unknown-prerequisite", UNKNOWN, uid=uid[:80])


@rule
def related_known(subject: Subject) -> Found:
    """What one may go on with exists, and is not the lesson itself."""
    front = subject.file.front
    for uid in front.related:
        if _is_unknown(subject, uid):
            yield say("error", front.line_of("related"), "unknown-related", UNKNOWN, uid=uid[:80])


@rule
def translation_known(subject: Subject) -> Found:
    """What is translated exists, and stands in another language."""
    front = subject.file.front
    uid, line = front.translation_of, front.line_of("translation_of")
    if uid and _is_unknown(subject, uid):
        yield say("error", line, "unknown-translation", UNKNOWN, uid=uid[:80])
    elif uid and subject.known.languages.get(uid) == front.language:
        message = Said(
            N_("“%(uid)s” stands in the same language, so this is no translation of it."),
            N_("Correct “language:”, or name it under “related:” instead."),
        )
        yield say("warning", line, "same-language", message, uid=uid[:80])
