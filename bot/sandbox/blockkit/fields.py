"""The checks that tables of blocks are made of; each complains like Slack, with a JSON pointer."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.config import Json


@dataclass
class Report:
    """What was wrong, and the surface that the blocks are meant for."""

    surface: str
    errors: list[str] = field(default_factory=list)

    def add(self, problem: str, at: str) -> None:
        """One complaint."""
        self.errors.append(f"[ERROR] {problem} [json-pointer:{at}]")


Check = Callable[[object, str, Report], None]
Fields = dict[str, Check]


def string(most: int, least: int = 1, pattern: str | None = None) -> Check:
    """A string of so many characters."""

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", at)
        elif len(value) > most:
            report.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            report.add(f"must be more than {least - 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            report.add("does not match the expected format", at)

    return check


def flag(value: object, at: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", at)


def whole(least: int, most: int) -> Check:
    """A whole number between two others."""

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", at)
        elif not least <= value <= most:
            report.add(f"must be between {least} and {most}", at)

    return check


def choice(*values: str) -> Check:
    """One of a few words."""

    def check(value: object, at: str, report: Report) -> None:
        if value not in values:
            report.add(f"must be one of: {', '.join(values)}", at)

    return check


def array(of: Check, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", at)
            return
        if len(value) > most:
            report.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", at)
        for number, item in enumerate(value):
            of(item, f"{at}/{number}", report)

    return check


def shape(needs: Fields, takes: Fields) -> Check:
    """An object with these fields and no others."""
    known = {**needs, **takes}

    def check(value: object, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", at)
            return
        for name in needs:
            if name not in value:
                report.add(f"missing required field: {name}", at)
        for name, item in value.items():
            if name not in known:
                report.add(f"invalid additional property: {name}", at)
            elif item is None:
                report.add("must not be null", f"{at}/{name}")
            else:
                known[name](item, f"{at}/{name}", report)

    return check


def typed(
    table: dict[str, Check], allowed: Callable[[str, str], bool] = lambda _kind, _surface: True
) -> Check:
    """An object whose `type` names its check, where the surface allows that type."""

    def check(value: object, at: str, report: Report) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            report.add("missing required field: type", at)
        elif kind not in table or not allowed(kind, report.surface):
            report.add(f"unsupported type: {kind}", f"{at}/type")
        else:
            table[kind](value, at, report)

    return check


def both(first: Check, second: Check) -> Check:
    """Two checks of the same value."""

    def check(value: object, at: str, report: Report) -> None:
        first(value, at, report)
        if isinstance(value, dict):
            second(value, at, report)

    return check


def exactly_one(*names: str) -> Check:
    """Exactly one of these fields is there."""

    def check(value: object, at: str, report: Report) -> None:
        if isinstance(value, dict) and sum(name in value for name in names) != 1:
            report.add(f"exactly one of {', '.join(names)} is required", at)

    return check


def plain(most: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": shape({"type": choice("plain_text"), "text": string(most)}, {"emoji": flag})})


def any_text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    fields: Fields = {"type": choice("mrkdwn"), "text": string(most)}
    plain_fields: Fields = {"type": choice("plain_text"), "text": string(most)}
    return typed(
        {"plain_text": shape(plain_fields, {"emoji": flag}), "mrkdwn": shape(fields, {"verbatim": flag})}
    )


def record(kind: str, needs: Fields, takes: Fields) -> Check:
    """An object of one type."""
    return shape({"type": choice(kind), **needs}, takes)


def nothing(_value: object, _at: str, _report: Report) -> None:
    """Anything goes."""


def as_object(value: object) -> Json:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}
