"""Fetch a calendar from its address, which is a secret: it stands in no message and in no log."""

import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from bot.domain.shifts.feed import BadFeed

LARGEST = 2 * 1024 * 1024
ANSWER_SECONDS, WHOLE_SECONDS = 10.0, 20.0
_PIECE = 65536
_FILE = "slack-file:"


def host_of(address: str) -> str:
    """The host of an address, which may be shown; empty for what is no address of a calendar."""
    try:
        parts = urlsplit(_spelled(address))
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme in {"http", "https"} else ""


def from_file(file_id: str, name: str) -> str:
    """How a calendar that somebody attached is kept until it has been read."""
    return f"{_FILE}{file_id}/{name}"


def file_in(address: str) -> str | None:
    """The id of the file that a calendar is; None for one that has an address."""
    return address.removeprefix(_FILE).partition("/")[0] if address.startswith(_FILE) else None


def label_of(address: str) -> str:
    """What may be shown of where a calendar comes from: its host, or the name of its file."""
    return address.removeprefix(_FILE).partition("/")[2] if file_in(address) else host_of(address)


def fetch_calendar(address: str) -> bytes:
    """What stands at an address.

    Raises:
        BadFeed: It cannot be fetched; the words name no address.
    """
    if not host_of(address):
        raise BadFeed("its address is none of the web")
    try:
        request = Request(_spelled(address), headers={"user-agent": "rounds", "accept": "text/calendar, */*"})  # noqa: S310 - only http and https get here.
        with _opener().open(request, timeout=ANSWER_SECONDS) as answer:
            return _whole(answer)
    except HTTPError as error:
        error.close()
        raise BadFeed(f"its server answers {error.code}") from None
    except TimeoutError:
        raise BadFeed("its server does not answer in time") from None
    except URLError as error:
        late = isinstance(error.reason, TimeoutError)
        raise BadFeed("its server does not answer in time" if late else "it cannot be reached") from None
    except (HTTPException, OSError, ValueError):
        raise BadFeed("it cannot be reached") from None


def _whole(answer: object) -> bytes:
    until, content = time.monotonic() + WHOLE_SECONDS, b""
    while piece := answer.read1(_PIECE):  # type: ignore[attr-defined]
        content += piece
        if len(content) > LARGEST:
            raise BadFeed("it is larger than 2 MB")
        if time.monotonic() > until:
            raise BadFeed("its server does not answer in time")
    return content


def _opener() -> OpenerDirector:
    """Opens what is on the web and nothing else, wherever it is sent on to: no files, no FTP."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPRedirectHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _spelled(address: str) -> str:
    scheme, found, rest = address.partition("://")
    web = {"webcal": "https", "webcals": "https"}.get(scheme.casefold(), scheme.casefold())
    return web + found + rest
