"""Buttons that open a modal. The trigger lives for three seconds, so it is used before anything is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.chart import Kind
from bot.domain.doing.action import action_number
from bot.domain.errors import RoundsError
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber
from bot.domain.readiness.contingency import PREFIX as CONTINGENCY
from bot.domain.readiness.contingency import contingency_number
from bot.domain.ward import Chart
from bot.domain.work.closing import lacking
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.render import modals
from bot.slack.render.calls import View
from bot.slack.render.modals.handoff import hand_over_view
from bot.store.session import Session
from bot.usecases.read_chart import show_chart
from bot.usecases.second_opinion import read_invitation

Body = dict[str, Any]
Here = ChannelId | None


def _log(number: IncidentNumber, here: Here, details: list[str]) -> View:
    return modals.log_view(number, Kind(details[0]) if details else None, here)


# Modals that need no look at the chart.
BLIND: dict[str, Callable[[IncidentNumber, Here, list[str]], View]] = {
    "log": _log,
    "severity": lambda number, here, _: modals.severity_view(number, here),
    "reopen": lambda number, here, _: modals.reopen_view(number, here),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A chart, and who looks at it while the *session* is open."""

    session: Session
    who: Who
    chart: Chart

    @property
    def here(self) -> Here:
        """Where they look from."""
        return self.who.channel


def _look(desk: Desk, session: Session, who: Who, number: IncidentNumber) -> Look:
    return Look(session, who, show_chart(session, who, number, desk.clock()))


def _hypothesis(at: Look, details: list[str]) -> View:
    if details:
        return modals.revise_view(at.chart, at.here, details[0])
    return modals.hypothesis_view(at.chart, at.here)


def _fix(at: Look, details: list[str]) -> View:
    if details[:1] == ["plan"]:
        return modals.fix_view(at.chart, at.here, plan=details[1])
    return modals.fix_view(at.chart, at.here, target=details[0] if details else None)


def _resolve(at: Look, _details: list[str]) -> View:
    return modals.resolve_view(at.chart, at.here, lacking(at.chart.workup, gone=""))


def _opinion(at: Look, details: list[str]) -> View:
    round_ = int(details[0])
    before = read_invitation(at.session, at.who, at.chart.incident.number, round_).list
    return modals.opinion_view(at.chart, at.here, round_, before)


def _todo(at: Look, details: list[str]) -> View:
    return modals.todo_view(at.chart, at.here, action_number(details[0]) if details else None)


def _if(at: Look, details: list[str]) -> View:
    """A new contingency, one for a hypothesis ("A"), or what changes about one ("IF1")."""
    if details and details[0].startswith(CONTINGENCY):
        return modals.if_view(at.chart, at.here, contingency_number(details[0]))
    return modals.if_view(at.chart, at.here, letter=details[0] if details else None)


def _test_number(details: list[str]) -> int:
    return int(details[0].removeprefix("T"))


CHARTED: dict[str, Callable[[Look, list[str]], View]] = {
    "hypothesis": _hypothesis,
    "fix": _fix,
    "resolve": _resolve,
    "hand_over": lambda at, _: hand_over_view(at.chart, at.here),
    "test": lambda at, _: modals.test_view(at.chart, at.here),
    "plan": lambda at, _: modals.plan_view(at.chart, at.here),
    "expects": lambda at, details: modals.expects_view(at.chart, at.here, _test_number(details)),
    "result": lambda at, details: modals.result_view(at.chart, at.here, _test_number(details)),
    "leave": lambda at, details: modals.leave_view(at.chart, at.here, details[0]),
    "revert": lambda at, details: modals.revert_view(at.chart, at.here, details[0]),
    "waive": lambda at, details: modals.waive_view(at.chart, at.here, details[0]),
    "todo": _todo,
    "if": _if,
    "if_off": lambda at, details: modals.if_off_view(at.chart, at.here, contingency_number(details[0])),
    "impact": lambda at, _: modals.impact_view(at.chart, at.here),
    "onset": lambda at, _: modals.onset_view(at.chart, at.here),
    "stability": lambda at, _: modals.stability_view(at.chart, at.here),
    "done": lambda at, details: modals.done_view(at.chart, at.here, action_number(details[0])),
    "vital": lambda at, _: modals.vital_view(at.chart, at.here),
    "snooze_until": lambda at, _: modals.snooze_view(at.chart, at.here),
    "decline": lambda at, _: modals.decline_view(at.chart, at.here),
    "workup": lambda at, _: modals.workup_view(at.chart, at.here),
    "why": lambda at, _: modals.why_view(at.chart, at.here),
    "show_log": lambda at, _: modals.show_log_view(at.chart, at.here),
    "opinion": _opinion,
    "second_opinion": lambda at, _: modals.second_opinion_view(at.chart, at.here),
}


def open_charted(desk: Desk, body: Body, name: str, number: IncidentNumber, details: list[str]) -> None:
    """Open a modal that shows something of the chart, on top of the one that the click came from."""
    view_id = desk.gateway.open_view(
        body["trigger_id"], modals.loading_view(), on_top=requests.on_modal(body)
    )
    who = requests.actor(desk.identity().team, body)
    try:
        with desk.database.reading() as session:
            view = CHARTED[name](_look(desk, session, who, number), details)
    except RoundsError as error:
        view = modals.sorry_view(str(error))
    desk.gateway.update_view(view_id, view)


def refresh(desk: Desk, body: Body) -> None:
    """Show the modal anew in which somebody has just tapped: what it tells of has changed."""
    view = body.get("view") or {}
    if view.get("callback_id") not in {"workup", "resolve"}:
        return
    number = IncidentNumber(int(body["actions"][0]["value"]))
    who = requests.actor(desk.identity().team, body)
    with desk.database.reading() as session:
        after = CHARTED[view["callback_id"]](_look(desk, session, who, number), [])
    desk.gateway.update_view(view["id"], after)
