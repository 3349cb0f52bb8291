"""Key trees of payloads recorded from the real platform, and the comparison of ours with them.

In the JSON file "s", "n" and "b" are a string, a number and a boolean; "*" stands for any key; an empty list
or object was not looked into. Each tree is the union of what was ever seen; a real payload has a part of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

RECORDED: Json = json.loads((Path(__file__).parent / "recorded_shapes.json").read_text())

# Keys that Slack documents or is known to send, and that the recorded samples happen to lack.
DOCUMENTED = {
    "context_team_id": "the envelope of every event; recorded with membership events only",
    "context_enterprise_id": "the same",
    "app_id": "every message of an app; recorded with mentions and shortcuts only",
    "event_payload": "a message's metadata in full; recorded is the short form of history",
    "client_msg_id": "every typed message; the recorded file_share and broadcast root lack it",
    "parent_user_id": "every reply; the recorded file_share and broadcast lack it",
    "team": "every message; the recorded file_share and broadcast lack it",
    "blocks": "views have blocks; the recorded views were stored without",
    "response_urls": "documented for view_submission",
}


def differences(ours: object, recorded: object, at: str = "") -> Iterator[str]:
    """Where our value has a key that was never recorded, or another type."""
    if ours is None or recorded in ({}, []):
        return
    if isinstance(ours, dict) and isinstance(recorded, dict):
        for key, value in ours.items():
            yield from _of_key(key, value, recorded, f"{at}.{key}")
    elif isinstance(ours, list) and isinstance(recorded, list):
        for item in ours:
            yield from differences(item, recorded[0], f"{at}[]")
    elif recorded != _letter(ours):
        yield f"{at}: ours is {_letter(ours)}, recorded is {recorded}"


def _of_key(key: str, value: object, recorded: Json, at: str) -> Iterator[str]:
    if key in recorded or "*" in recorded:
        yield from differences(value, recorded.get(key, recorded.get("*")), at)
    elif key not in DOCUMENTED:
        yield f"{at}: never recorded"


def _letter(value: object) -> str:
    if isinstance(value, bool):
        return "b"
    if isinstance(value, (int, float)):
        return "n"
    return "s" if isinstance(value, str) else type(value).__name__


def check(ours: Json | bytes, name: str, *must: str) -> None:
    """Our payload is a part of the recorded one and has the keys that must be there."""
    assert isinstance(ours, dict)
    wrong = [*differences(ours, RECORDED[name]), *(f"{key}: missing" for key in must if key not in ours)]
    assert wrong == [], "\n".join(wrong)
