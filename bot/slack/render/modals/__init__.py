"""The modals: what they ask, and what somebody answered, by what people come for."""

from bot.slack.render.modals.actions import done_text, done_view, todo_text, todo_view
from bot.slack.render.modals.closing import Cause, cause_of, reopen_view, resolve_view
from bot.slack.render.modals.diagnosis import (
    argued_lines,
    expectations,
    expects_view,
    hypothesis_lines,
    hypothesis_view,
    result_text,
    result_view,
    revise_view,
    revised_lines,
    test_text,
    test_view,
)
from bot.slack.render.modals.entries import (
    loading_view,
    log_message_view,
    log_view,
    show_log_view,
    sorry_view,
)
from bot.slack.render.modals.form import Submission, submission
from bot.slack.render.modals.opening import open_view, severity_view
from bot.slack.render.modals.opinions import opinion_view, second_opinion_view
from bot.slack.render.modals.prompts import decline_view, snooze_view
from bot.slack.render.modals.readiness import (
    if_off_text,
    if_off_view,
    if_text,
    if_view,
    impact_view,
    onset_text,
    onset_view,
    stability_text,
    stability_view,
)
from bot.slack.render.modals.treatment import (
    fix_text,
    fix_view,
    leave_view,
    plan_text,
    plan_view,
    revert_view,
    waive_view,
)
from bot.slack.render.modals.vitals import vital_text, vital_view
from bot.slack.render.modals.workup import why_view, workup_view

__all__ = [
    "Cause",
    "Submission",
    "argued_lines",
    "cause_of",
    "decline_view",
    "done_text",
    "done_view",
    "expectations",
    "expects_view",
    "fix_text",
    "fix_view",
    "hypothesis_lines",
    "hypothesis_view",
    "if_off_text",
    "if_off_view",
    "if_text",
    "if_view",
    "impact_view",
    "leave_view",
    "loading_view",
    "log_message_view",
    "log_view",
    "onset_text",
    "onset_view",
    "open_view",
    "opinion_view",
    "plan_text",
    "plan_view",
    "reopen_view",
    "resolve_view",
    "result_text",
    "result_view",
    "revert_view",
    "revise_view",
    "revised_lines",
    "second_opinion_view",
    "severity_view",
    "show_log_view",
    "snooze_view",
    "sorry_view",
    "stability_text",
    "stability_view",
    "submission",
    "test_text",
    "test_view",
    "todo_text",
    "todo_view",
    "vital_text",
    "vital_view",
    "waive_view",
    "why_view",
    "workup_view",
]
