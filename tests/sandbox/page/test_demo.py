"""The demo as its first user meets it: one command, one address, one incident by hand."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.sandbox.page.visit import PATIENCE_MS, PHONE, Visit


@pytest.fixture
def demo() -> Iterator[str]:
    """The address that `rounds demo` prints."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first_line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", first_line)
        assert found, first_line
        yield found[0]
        process.terminate()
    assert process.returncode == 0


def visitor(browser: BrowserContext, url: str) -> Visit:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    found = Visit(page, url)
    found.open("#ml-incidents")
    return found


@pytest.mark.browser
def test_an_incident_is_run_by_hand_in_the_browser(demo: str, browser: BrowserContext) -> None:
    ana = visitor(browser, demo)

    ana.say("/incident open sev2 loss is NaN since step 3100")
    expect(ana.message("Only visible to you")).to_contain_text("INC-1 is open")
    heading = ana.page.get_by_role("heading", name="INC-1 · loss is NaN since step 3100")
    expect(heading).to_be_visible()

    ana.page.get_by_role("button", name=re.compile("repl(y|ies)")).first.click()
    ana.say("dx: fp16 overflow", into="#composer-thread")
    ana.say("just talk", into="#composer-thread")
    logged = ana.message("dx: fp16 overflow", within="#thread")
    expect(logged.get_by_role("button", name=re.compile("memo"))).to_be_visible()
    expect(ana.message("Hypothesis: fp16 overflow")).to_be_visible()

    ana.page.locator("#timeline").get_by_role("button", name="Resolve INC-1").click()
    modal = ana.page.get_by_role("dialog", name="INC-1: resolve")
    modal.get_by_label("What was the cause?").fill("fp16 overflow in the loss scaler")
    modal.get_by_role("button", name="Resolve").click()
    expect(ana.message("INC-1 is resolved", within="#thread")).to_be_visible()
    expect(ana.message("Resolved").filter(has_text="fp16 overflow in the loss scaler")).to_be_visible()
    ana.page.close()


@pytest.mark.browser
def test_the_card_fits_a_phone(demo: str, browser: BrowserContext) -> None:
    ana = visitor(browser, demo)
    ana.say("/incident open sev1 the cluster is burning and " + "longwordwithoutspaces" * 8)
    expect(ana.message("INC-1").last).to_be_visible()

    ana.page.set_viewport_size(PHONE)

    width = ana.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= PHONE["width"]
    ana.page.close()
