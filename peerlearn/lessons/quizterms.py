"""What could be better in how a quiz is asked: how many questions, spares, drawing, mode and time."""

from __future__ import annotations

from math import ceil

from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import Found, Subject, rule, say
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.question import VARIANT


@rule
def question_count(subject: Subject) -> Found:
    """A quiz is long enough to tell knowing from guessing, and short enough to finish."""
    file, least = subject.file, quizzes.DEFAULT.minimum_questions
    if not file.questions:
        message = Said(
            N_("The lesson has no questions yet."),
            N_("Add a line “# Quiz” at the end and at least %(least)s questions."),
        )
        yield say("error", 1, "no-questions", message, least=least)
        return
    line, pool = file.questions[0].line, len(file.pool)
    if pool < least:
        message = Said(
            N_("The quiz has %(count)s questions; variants and reflections do not count."),
            N_("Write at least %(least)s."),
        )
        yield say("error", line, "few-questions", message, count=pool, least=least)
    elif file.asked > subject.policy.questions_advised:
        message = Said(
            N_("The quiz has %(count)s questions."),
            N_("Keep the best %(most)s, which get answered with care, or draw some of them with “draw:”."),
        )
        yield say("warning", line, "many-questions", message, count=file.asked, most=subject.policy.questions_advised)


@rule
def spares_kept(subject: Subject) -> Found:
    """Who retakes a quiz is asked something new instead of what they have seen the answer of."""
    file, wanted = subject.file, quizzes.DEFAULT.recommended_variants
    spares = [question for question in file.questions if VARIANT in question.flags]
    taught = {question.card for question in file.pool}
    for spare in spares:
        if spare.card is None or spare.card not in taught:
            message = Said(
                N_("This spare question is never asked."),
                N_("Give it the “Card:” of a question that it can stand in for."),
            )
            yield say("warning", spare.line, "lone-variant", message)
    drawn = 0 < file.front.draw < len(file.pool)
    if file.pool and len(spares) < wanted and not drawn:
        message = Said(
            N_("A retake asks the same again."),
            N_("Add %(wanted)s spare questions (## single variant), so that it asks something new."),
        )
        yield say("hint", file.questions[-1].line, "few-variants", message, wanted=wanted)


@rule
def draw_from_pool(subject: Subject) -> Found:
    """What is drawn is a real choice, and enough to tell knowing from guessing."""
    draw, pool = subject.file.front.draw, len(subject.file.pool)
    least, line = quizzes.DEFAULT.minimum_questions, subject.file.front.line_of("draw")
    if not draw or pool < least:
        return
    if draw < least:
        message = Said(N_("“draw: %(draw)s” asks too few questions."), N_("Draw at least %(least)s."))
        yield say("error", line, "draw-few", message, draw=draw, least=least)
    elif draw > pool:
        message = Said(
            N_("“draw: %(draw)s” asks more than the %(pool)s questions there are."), N_("Lower it, or add questions.")
        )
        yield say("error", line, "draw-many", message, draw=draw, pool=pool)
    elif draw == pool:
        message = Said(
            N_("“draw: %(draw)s” draws every question."), N_("Remove the line, or add questions to choose from.")
        )
        yield say("warning", line, "draw-all", message, draw=draw)


@rule
def limits(subject: Subject) -> Found:
    """Limits of time and of attempts fit the mode, and leave time to read."""
    file, front = subject.file, subject.file.front
    line = front.line_of("time_limit")
    if front.time_limit and front.mode == quizzes.Mode.LEARN:
        message = Said(
            N_("A time limit needs “mode: check” or “mode: exam”."), N_("Add one of them, or remove the limit.")
        )
        yield say("error", line, "time-limit-mode", message)
    if front.attempts and front.mode == quizzes.Mode.LEARN:
        message = Said(
            N_("“attempts:” needs “mode: check” or “mode: exam”: whoever learns may try as often as they like."),
            N_("Add one of them, or remove the line."),
        )
        yield say("error", front.line_of("attempts"), "attempts-mode", message)
    needed = ceil(file.asked * quizzes.DEFAULT.seconds_a_question / 60)
    if front.time_limit and front.time_limit < needed:
        message = Said(N_("%(limit)s minutes are short for %(count)s questions."), N_("Give at least %(needed)s."))
        values = {"limit": front.time_limit, "count": file.asked, "needed": needed}
        yield say("warning", line, "time-limit-short", message, **values)
    if front.mode == quizzes.Mode.EXAM and not front.time_limit:
        message = Said(
            N_("Without “time_limit:” an exam stays open until it is handed in, days later too."),
            N_("Add one, in minutes."),
        )
        yield say("hint", front.line_of("mode"), "exam-without-limit", message)
