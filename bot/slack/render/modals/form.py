"""What every modal is made of, and what somebody answered in one."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.chart import FENCE, File
from bot.domain.errors import RoundsError
from bot.domain.ids import ChannelId, IncidentNumber, UserId
from bot.domain.incident import Severity
from bot.domain.triage import Answers, decide
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.text import typed

TYPED_LIMIT = 3000
MOST_OPTIONS = 100
MOST_TICKS = 10
BY_QUESTIONS = "triage"
# A person may paste a fence of their own, which would end ours.
_BROKEN_FENCE = FENCE[:-1] + "\N{ZERO WIDTH SPACE}" + FENCE[-1]


def place(number: IncidentNumber, here: ChannelId | None) -> dict[str, Any]:
    """What a modal remembers: which incident it is about, and where it was opened."""
    return {"incident": number, "here": here}


def place_of(chart: Chart, here: ChannelId | None) -> dict[str, Any]:
    """The same for a chart."""
    return place(chart.incident.number, here)


def modal(
    callback_id: str, title: str, submit: str | None, asked: Sequence[Block], data: dict[str, Any]
) -> View:
    """A modal; without *submit* there is nothing to send."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title, blocks.TITLE_LIMIT),
        "close": _plain("Cancel" if submit else "Close", blocks.TITLE_LIMIT),
        "private_metadata": json.dumps(data, ensure_ascii=False),
        "blocks": list(asked),
    }
    if submit:
        view["submit"] = _plain(submit, blocks.TITLE_LIMIT)
    return view


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": blocks.clip(text, limit)}


def option(text: str, value: str, description: str = "") -> Block:
    """One choice of several."""
    described = {"description": _plain(description, blocks.OPTION_LIMIT)} if description else {}
    return {"text": _plain(text, blocks.OPTION_LIMIT), "value": value} | described


def asking(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    """A question of the modal; the element's answer is found under *block_id*."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label, 2000),
        "element": {"action_id": block_id} | element,
        "optional": optional,
    }


def hinted(question: Block, hint: str) -> Block:
    """The same question with small words below its field."""
    return question | {"hint": _plain(hint, 2000)}


def words(
    block_id: str,
    label: str,
    *,
    lines: bool = False,
    optional: bool = False,
    placeholder: str = "",
    value: str = "",
) -> Block:
    """A field for words."""
    element: Block = {"type": "plain_text_input", "multiline": lines, "max_length": TYPED_LIMIT}
    if placeholder:
        element["placeholder"] = _plain(placeholder, 150)
    if value:
        element["initial_value"] = value[:TYPED_LIMIT]
    return asking(block_id, label, element, optional=optional)


def choice(
    block_id: str,
    label: str,
    options: Sequence[Block],
    *,
    chosen: str | None = None,
    optional: bool = False,
) -> Block:
    """A menu of which one entry may be chosen."""
    return asking(block_id, label, _listed("static_select", options, chosen), optional=optional)


def radio(
    block_id: str, label: str, options: Sequence[Block], *, chosen: str | None = None, optional: bool = False
) -> Block:
    """A few choices side by side, of which one may be taken."""
    return asking(block_id, label, _listed("radio_buttons", options, chosen), optional=optional)


def _listed(kind: str, options: Sequence[Block], chosen: str | None) -> Block:
    listed = list(options[:MOST_OPTIONS])
    element: Block = {"type": kind, "options": listed}
    initial = next((one for one in listed if one["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def ticks(block_id: str, label: str, options: Sequence[Block], *, ticked: Iterable[str] = ()) -> Block:
    """Boxes of which any number may be ticked; a menu where there are more than Slack shows as boxes."""
    listed, wanted = list(options[:MOST_OPTIONS]), set(ticked)
    kind = "checkboxes" if len(listed) <= MOST_TICKS else "multi_static_select"
    element: Block = {"type": kind, "options": listed}
    initial = [one for one in listed if one["value"] in wanted]
    return asking(block_id, label, element | ({"initial_options": initial} if initial else {}), optional=True)


def number(block_id: str, label: str, *, value: float | None = None, optional: bool = True) -> Block:
    """A field for a whole number of minutes."""
    element: Block = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "100000",
    }
    if value:
        element["initial_value"] = f"{value:.0f}"
    return asking(block_id, label, element, optional=optional)


def with_fence(said: str, fenced: str) -> str:
    """Words, and below them what has to keep every space: the form in which a reply would hold it."""
    if not fenced.strip():
        return said
    return f"{said}\n{FENCE}\n{fenced.replace(FENCE, _BROKEN_FENCE)}\n{FENCE}"


def one_line(said: str) -> str:
    """The words of a field as one line of a reply, in which nothing is fenced."""
    return " ".join(said.replace(FENCE, " ").split())


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody answered in a modal; *bots* are accounts that can be chosen and are nobody."""

    values: dict[str, Any]
    data: dict[str, Any]
    bots: tuple[UserId, ...] = ()

    def text(self, block_id: str) -> str:
        """What was typed, "" for nothing."""
        return typed(self._of(block_id).get("value")).strip()

    def number(self, block_id: str) -> float | None:
        """The number that was typed."""
        value = self._of(block_id).get("value")
        return float(value) if value else None

    def option(self, block_id: str) -> str | None:
        """The value of the option that was chosen."""
        chosen = self._of(block_id).get("selected_option") or {}
        return chosen.get("value")

    def ticked(self, block_id: str) -> set[str]:
        """The values that were ticked."""
        return {option["value"] for option in self._of(block_id).get("selected_options") or ()}

    def user(self, block_id: str) -> UserId | None:
        """The person who was chosen."""
        return self._of(block_id).get("selected_user")

    def users(self, block_id: str) -> tuple[UserId, ...]:
        """The people who were chosen."""
        return tuple(UserId(user) for user in self._of(block_id).get("selected_users") or ())

    def conversation(self, block_id: str) -> ChannelId | None:
        """The conversation that was chosen."""
        return self._of(block_id).get("selected_conversation")

    def moment(self, block_id: str) -> datetime | None:
        """The date and time that were chosen."""
        seconds = self._of(block_id).get("selected_date_time")
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def files(self, block_id: str) -> tuple[File, ...]:
        """The files that were attached; their content stays in Slack."""
        found = self._of(block_id).get("files") or ()
        return tuple(
            File(name=typed(file.get("name") or file["id"]), permalink=file.get("permalink") or "")
            for file in found
        )

    def uploads(self, block_id: str) -> list[tuple[str, str]]:
        """The ids and names of the files that were attached, for whoever reads what is in them."""
        found = self._of(block_id).get("files") or ()
        return [(str(file["id"]), typed(file.get("name") or file["id"])) for file in found]

    def answers(self) -> Answers:
        """The four questions of triage; a box left empty is a no only beside another answer."""
        ticked, resources = self.ticked("true"), self.option("resources")
        answered = bool(ticked) or resources is not None
        return Answers(
            dying="A" in ticked if answered else None,
            cannot_wait="B" in ticked if answered else None,
            resources=None if resources is None else int(resources),
            danger="D" in ticked if answered else None,
        )

    def severity(self) -> Severity | None:
        """The level that was chosen, or the one the four questions lead to."""
        chosen = self.option("severity")
        if chosen and chosen != BY_QUESTIONS:
            return Severity(int(chosen))
        return decide(self.answers())

    def _of(self, block_id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(iter(self.values.get(block_id, {}).values()), {})
        return found


@contextmanager
def about(block_id: str) -> Iterator[None]:
    """Whatever is refused in here is shown beside that field."""
    try:
        yield
    except RoundsError as error:
        error.field = block_id
        raise


def submission(view: View) -> Submission:
    """Read a submitted view."""
    return Submission(view["state"]["values"], json.loads(view.get("private_metadata") or "{}"))
