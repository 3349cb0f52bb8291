"""A post office that delivers each request several times at once, and passes one answer on."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, str, bytes]


@contextmanager
def delivering(copies: int, port: int) -> Iterator[str]:
    """The request URL of such an office for a bot on *port*."""

    class Office(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with ThreadPoolExecutor(copies) as carriers:
                answers = list(carriers.map(self._carry, [body] * copies))
            status, kind, found = answers[0]
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def _carry(self, body: bytes) -> Answer:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            connection.request("POST", "/slack/events", body, headers)
            answer = connection.getresponse()
            found = (answer.status, answer.headers.get("content-type", "text/plain"), answer.read())
            connection.close()
            return found

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name.
            """Keep quiet."""

    office = ThreadingHTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{office.server_address[1]}/slack/events"
    finally:
        office.shutdown()
        thread.join()
        office.server_close()
