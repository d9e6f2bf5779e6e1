"""What review gives to the application: its pages, and what it puts into the pages of lessons."""

from __future__ import annotations

from peerlearn.accounts import scopes
from peerlearn.core import slots
from peerlearn.review import (
    advice_routes,
    audit_routes,
    author_routes,
    calibration_routes,
    curator_routes,
    fillings,
    joining_routes,
    level_routes,
    preparing,
    preparing_routes,
    recusal_routes,
    report_routes,
    standing_routes,
    tending,
)
from peerlearn.review.blueprint import blueprint

__all__ = ["PAGES", "blueprint"]
PAGES = (
    curator_routes,
    advice_routes,
    audit_routes,
    calibration_routes,
    author_routes,
    report_routes,
    standing_routes,
    joining_routes,
    level_routes,
    preparing_routes,
    recusal_routes,
)

blueprint.after_app_request(tending.look_now_and_then)

slots.fill("lesson_remarks", "review/slot_remarks.html", fillings.remarks)
slots.fill("lesson_history", "review/slot_history.html", fillings.history)
scopes.judge_appointments(preparing.judged)
slots.fill("person_roles", "review/slot_person.html", fillings.about_roles)
slots.fill("settings", "review/slot_recusals.html", lambda person: {})
slots.fill("lesson_footer", "review/slot_report.html", fillings.report_link)
