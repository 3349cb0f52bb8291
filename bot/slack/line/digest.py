"""What people type after ``/incident digest``, read forgivingly into a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.digest.ordering import DigestWish, read_wish


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """Show the digest as it would be now."""


@dataclass(frozen=True, slots=True)
class ListDigests:
    """Show which channels have ordered one."""


@dataclass(frozen=True, slots=True)
class OrderDigest:
    """Have it sent here every day."""

    wish: DigestWish


@dataclass(frozen=True, slots=True)
class CancelDigest:
    """Send it here no more."""


DigestRequest = ShowDigest | ListDigests | OrderDigest | CancelDigest
_WORDS: Mapping[str, DigestRequest] = MappingProxyType(
    {
        **dict.fromkeys(("", "now", "show"), ShowDigest()),
        **dict.fromkeys(("list", "ls"), ListDigests()),
        **dict.fromkeys(("off", "stop", "cancel", "none", "never"), CancelDigest()),
    }
)


def read_digest(rest: str) -> DigestRequest:
    """What the words ask for; "here" may stand before or after them.

    Raises:
        NotUnderstood: They order a digest for no time of day, or in a zone that nobody knows.
    """
    words = rest.casefold().split()
    asked = " ".join(word for word in words if word != "here") if len(words) > 1 else rest.casefold()
    return _WORDS.get(asked) or OrderDigest(read_wish(rest))
