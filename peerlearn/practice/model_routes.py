"""The page that says how well the memory model expects what people recall; figures of all, nobody is named."""

from __future__ import annotations

from flask import render_template

from peerlearn.core.gates import requires
from peerlearn.practice import belief, calibrating, rules
from peerlearn.practice.blueprint import blueprint


@blueprint.get("/practice/memory-model")
@requires("see_memory_model")
def memory_model() -> str:
    """The newest month by length of interval, and the months before it."""
    reports = calibrating.reports()
    return render_template(
        "practice/memory_model.html",
        newest=reports[0] if reports else None,
        reports=reports,
        verdicts=belief.VERDICTS,
        least=rules.POLICY.calibration_least,
        gap=round(100 * rules.POLICY.calibration_gap),
    )
