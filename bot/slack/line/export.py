"""What people type after ``/incident export``, read forgivingly into a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.errors import NotUnderstood
from bot.domain.ids import IncidentNumber
from bot.domain.notice import Format
from bot.slack.line.forms import USAGE
from bot.slack.line.words import numbered

_FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        **dict.fromkeys(("md", "markdown", "report", "text", ".md"), "md"),
        **dict.fromkeys(("json", "data", "raw", ".json"), "json"),
    }
)
# What people say between the words that count.
_FILLING = frozenset({"as", "to", "in", "a", "the", "me"})
_HERE = frozenset({"here", "thread"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportIncident:
    """Bring one incident as a file: to the speaker, or with *here* to its thread."""

    number: IncidentNumber
    form: Format = "md"
    here: bool = False


def read_export(rest: str) -> ExportIncident:
    """Which incident is wanted, in which form and where; "md" and "here" may stand in any order.

    Raises:
        NotUnderstood: No incident is named, or a word means nothing to us.
    """
    number, said = numbered(rest, "export")
    words = [word.strip(",;.") or word for word in said.casefold().split()]
    words = [word for word in words if word not in _FILLING]
    unknown = next((word for word in words if word not in _HERE and word not in _FORMATS), None)
    if unknown:
        raise NotUnderstood(f"“{unknown[:40]}” is no form of a file: there are md and json.", USAGE["export"])
    forms = [_FORMATS[word] for word in words if word in _FORMATS]
    return ExportIncident(
        number=number, form=forms[-1] if forms else "md", here=any(word in _HERE for word in words)
    )
