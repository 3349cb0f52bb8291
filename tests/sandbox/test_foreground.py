"""The sandbox as people start it: `rounds sandbox` in a terminal, ended by Ctrl-C."""

import http.client
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

START = [sys.executable, "-m", "bot.cli", "sandbox", "--port"]


def test_it_says_where_it_answers_and_ends_quietly_on_ctrl_c() -> None:
    with subprocess.Popen(
        [*START, "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+", started.stdout.readline())
        assert found
        connection = http.client.HTTPConnection(urlsplit(found[0]).netloc, timeout=10)
        connection.request("GET", "/")
        page = connection.getresponse().read()
        connection.close()
        started.send_signal(signal.SIGINT)

        left, grumbles = started.communicate(timeout=20)

    assert b"Rounds sandbox" in page
    assert (started.returncode, left, grumbles) == (0, "", "")


def test_a_port_that_is_taken_is_named_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ended = subprocess.run([*START, str(port)], capture_output=True, text=True, timeout=20, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} cannot be used")
    assert "Traceback" not in ended.stderr
