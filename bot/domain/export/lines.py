"""Records as text: one line of JSON an incident, so that a file of any size is written and read in a stream.

A file with one incident is a JSON document by itself, one with several is what is known as JSON Lines.
"""

import json
from typing import Any

from pydantic import ValidationError

from bot.domain.export.record import FORMAT, VERSION, IncidentRecord

# So many mistakes of one record are told; the others are of the same kind, most of the time.
TOLD = 3


class BadRecord(Exception):
    """A line that is no record of ours; the text says why, for whoever brought the file."""


def to_line(record: IncidentRecord) -> str:
    """The record as one line, without its end. The same incident always gives the same line."""
    return record.model_dump_json()


def from_line(line: str | bytes) -> IncidentRecord:
    """The record that a line holds.

    Raises:
        BadRecord: It holds none, or one that another version of us has written.
    """
    _check_version(_parsed(line))
    try:
        return IncidentRecord.model_validate_json(line)
    except ValidationError as error:
        raise BadRecord(_told(error)) from None


def _parsed(line: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRecord(f"it is no JSON: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadRecord(f'it is no record of an incident: those have "format": "{FORMAT}"')
    return found


def _check_version(found: dict[str, Any]) -> None:
    version = found.get("version")
    if version != VERSION:
        raise BadRecord(
            f"it has version {json.dumps(version)} of the format, and this rounds reads version {VERSION}. "
            "A version of rounds that knows both can bring it over"
        )


def _told(error: ValidationError) -> str:
    found = error.errors(include_url=False)
    told = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in found[:TOLD]]
    more = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return "; ".join(told) + more
