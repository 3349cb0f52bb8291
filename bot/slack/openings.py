"""Buttons that open a modal. The trigger lives for three seconds, so it is used before anything is read."""

from collections.abc import Callable
from typing import Any

from bot.domain.chart import Kind
from bot.domain.errors import RoundsError
from bot.domain.ids import ChannelId, IncidentNumber
from bot.domain.ward import Chart
from bot.domain.work.closing import lacking
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.render import modals
from bot.slack.render.calls import View
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


def _hypothesis(chart: Chart, here: Here, details: list[str]) -> View:
    return modals.revise_view(chart, here, details[0]) if details else modals.hypothesis_view(chart, here)


def _fix(chart: Chart, here: Here, details: list[str]) -> View:
    if details[:1] == ["plan"]:
        return modals.fix_view(chart, here, plan=details[1])
    return modals.fix_view(chart, here, target=details[0] if details else None)


def _resolve(chart: Chart, here: Here, _details: list[str]) -> View:
    return modals.resolve_view(chart, here, lacking(chart.workup, gone=""))


def _test_number(details: list[str]) -> int:
    return int(details[0].removeprefix("T"))


CHARTED: dict[str, Callable[[Chart, Here, list[str]], View]] = {
    "hypothesis": _hypothesis,
    "fix": _fix,
    "resolve": _resolve,
    "test": lambda chart, here, _: modals.test_view(chart, here),
    "plan": lambda chart, here, _: modals.plan_view(chart, here),
    "expects": lambda chart, here, details: modals.expects_view(chart, here, _test_number(details)),
    "result": lambda chart, here, details: modals.result_view(chart, here, _test_number(details)),
    "leave": lambda chart, here, details: modals.leave_view(chart, here, details[0]),
    "revert": lambda chart, here, details: modals.revert_view(chart, here, details[0]),
    "waive": lambda chart, here, details: modals.waive_view(chart, here, details[0]),
    "vital": lambda chart, here, _: modals.vital_view(chart, here),
    "workup": lambda chart, here, _: modals.workup_view(chart, here),
    "why": lambda chart, here, _: modals.why_view(chart, here),
    "show_log": lambda chart, here, _: modals.show_log_view(chart, here),
    "opinion": lambda chart, here, details: modals.opinion_view(chart, here, int(details[0])),
    "second_opinion": lambda chart, here, _: modals.second_opinion_view(chart, here),
}


def open_charted(desk: Desk, body: Body, name: str, number: IncidentNumber, details: list[str]) -> None:
    """Open a modal that shows something of the chart, on top of the one that the click came from."""
    view_id = desk.gateway.open_view(body["trigger_id"], modals.loading_view(), on_top="view" in body)
    who = requests.actor(desk.identity().team, body)
    try:
        with desk.database.reading() as session:
            chart = show_chart(session, who, number, desk.clock())
            if name == "opinion":
                round_ = int(details[0])
                before = read_invitation(session, who, number, round_).list
                view = modals.opinion_view(chart, who.channel, round_, before)
            else:
                view = CHARTED[name](chart, who.channel, details)
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
        chart = show_chart(session, who, number, desk.clock())
    desk.gateway.update_view(view["id"], CHARTED[view["callback_id"]](chart, who.channel, []))
