"""The chain of accepted handoffs: each hash covers what was handed over and read back, and the hash before.

So nobody can change an accepted version, or leave one out, without every later hash telling.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An accepted version as it is stored."""

    version: int
    document: str
    read_back: str | None
    accepted_at: datetime
    previous_hash: str | None
    hash: str


def content_hash(
    document_json: str, read_back_json: str | None, accepted_at: datetime, previous_hash: str | None
) -> str:
    """The hash of an accepted version; how its JSON is spaced and ordered makes no difference."""
    content = {
        "document": json.loads(document_json),
        "read_back": None if read_back_json is None else json.loads(read_back_json),
        "accepted_at": accepted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous_hash": previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def verify(chain: Iterable[Link]) -> int | None:
    """The first version that is not as it was accepted, or does not follow the one before; None if all do."""
    previous: str | None = None
    for link in sorted(chain, key=lambda each: each.version):
        told = content_hash(link.document, link.read_back, link.accepted_at, previous)
        if link.previous_hash != previous or link.hash != told:
            return link.version
        previous = link.hash
    return None
