"""A little server of calendars, which a story can let break."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STAMP = "%Y%m%dT%H%M%SZ"


class Feed:
    """What is served at one address: *content* with *status*, or on to *location*."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.content, self.status, self.location = b"", 200, ""


@contextmanager
def feed() -> Iterator[Feed]:
    """Serve until the story ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(found.status)
            if found.location:
                self.send_header("location", found.location)
            self.send_header("content-length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Feed(f"http://127.0.0.1:{server.server_port}/secret-4711.ics")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar of events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//on-call//EN", *head.splitlines()]
    for place, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{place}@example", "DTSTAMP:20260101T000000Z"]
        lines += [*event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def shift(who: str, at: datetime, hours: int, more: str = "") -> str:
    """An event in which somebody is on call."""
    at = at.astimezone(UTC)
    ends = at + timedelta(hours=hours)
    return f"SUMMARY:{who}\nDTSTART:{at:{STAMP}}\nDTEND:{ends:{STAMP}}" + (f"\n{more}" if more else "")
