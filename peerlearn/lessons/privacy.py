"""What lessons keep of a person: what they wrote, as Markdown, and the pictures that they brought."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import and_, or_, select

from peerlearn.core.db import db
from peerlearn.core.errors import NotFound
from peerlearn.core.files import Store
from peerlearn.core.privacy import AT_ONCE, Files, brings, keeps
from peerlearn.lessons.folders import PICTURES
from peerlearn.lessons.models import (
    EarlyReader,
    FormerAuthor,
    Lesson,
    LessonAuthor,
    LessonHelper,
    LessonMerge,
    Picture,
    QuestionCheck,
    Revision,
    WrittenPart,
)
from peerlearn.lessons.rules import Classification

keeps(Lesson, "owner_id", only="id uid slug title state classification created_at published_at verified_at check_on")
keeps(LessonAuthor, "person_id")
keeps(FormerAuthor, "person_id")
keeps(WrittenPart, "person_id")
keeps(EarlyReader, "person_id")
keeps(LessonHelper, "person_id")
keeps(LessonMerge, "by_id")
keeps(Revision, "writer_id", without="source hands cards extras quiz_id renderer")  # the text comes as Markdown
keeps(QuestionCheck, "person_id")
keeps(Picture, "uploaded_by_id")


@brings
def texts(person_id: int) -> Files:
    """Each text that they wrote, and what is published of each lesson by them; none that is confidential."""
    own = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person_id)
    published = and_(Revision.id == Lesson.published_id, Lesson.id.in_(own))
    statement = (
        select(Lesson.id, Lesson.slug, Revision.number, Revision.source)
        .join(Lesson, Lesson.id == Revision.lesson_id)
        .where(or_(Revision.writer_id == person_id, published))
        .where(Lesson.classification != str(Classification.CONFIDENTIAL))
        .order_by(Revision.id)
    )
    for row in db.session.execute(statement, execution_options={"yield_per": AT_ONCE // 10}):
        yield f"lessons/texts/{row.id}-{row.slug or 'draft'}/{row.number}.md", row.source.encode()


@brings
def pictures(person_id: int) -> Files:
    """The pictures that they uploaded, as they are kept."""
    kept = Store(current_app.config["SETTINGS"].media)
    digests = select(Picture.digest).where(Picture.uploaded_by_id == person_id).distinct().order_by(Picture.digest)
    for digest in db.session.scalars(digests, execution_options={"yield_per": AT_ONCE}):
        try:
            with kept.open(digest) as file:
                yield f"lessons/{PICTURES}/{digest}{kept.suffix}", file.read()
        except NotFound:
            continue  # cleaned up, or lost with its disk: the row says that it was there
