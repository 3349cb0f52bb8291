"""The demo as its first user meets it: one command, one address, one incident by hand."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.demo import CASES, running
from bot.manifests import manifest_data
from bot.sandbox.cases.player import Telling, play
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
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


@pytest.fixture
def replayed(tmp_path: Path) -> Iterator[str]:
    """The address of a sandbox in which the first case has been played."""
    with (
        Sandbox(SandboxConfig(manifest=manifest_data("socket"))) as sandbox,
        SandboxClient(sandbox.url) as client,
        running(sandbox, tmp_path / "rounds.db"),
    ):
        play(client, CASES["collator"], Telling(speed=0.0))
        yield sandbox.url


def visitor(browser: BrowserContext, url: str, channel: str = "#ml-incidents") -> Visit:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    found = Visit(page, url)
    found.open(channel)
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
    expect(ana.message("something else").filter(has_text="fp16 overflow")).to_be_visible()

    ana.page.locator("#timeline").get_by_role("button", name="Resolve INC-1").click()
    modal = ana.page.get_by_role("dialog", name="INC-1: resolve")
    modal.get_by_label("What was the cause?").select_option(label="Something else (say what below)")
    modal.get_by_label("Something else: what?").fill("fp16 overflow in the loss scaler")
    modal.get_by_label("how do you know?").fill("loss is finite for 200 steps")
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


@pytest.mark.browser
def test_a_replayed_case_can_be_read_on_a_phone_from_its_first_guess_to_its_picture(
    replayed: str, browser: BrowserContext
) -> None:
    ana = visitor(browser, replayed, "#training-runs")
    ana.page.set_viewport_size(PHONE)

    ana.page.get_by_role("button", name=re.compile("repl(y|ies)")).first.click()

    card = ana.message("INC-1 · support-sft-0412", within="#thread")
    expect(card.locator("s", has_text="labels are strings in tonight's data snapshot")).to_be_visible()
    expect(card).to_contain_text("ruled out by T3")
    failed = ana.message("A1 failed: A 43% → 16%, B 29% → 42%", within="#thread")
    expect(failed).to_contain_text("Next is to take it back: drop commit 77d0c1")
    expect(ana.message("A1 is reverted", within="#thread").last).to_be_visible()
    expect(ana.message("T1 positive: A 16% → 1%, B 42% → 68%", within="#thread")).to_be_visible()
    expect(ana.message("B1 worked: B 81% → 91%, D 14% → 4%", within="#thread")).to_be_visible()
    picture = ana.message("How the differential of INC-1 evolved", within="#thread").locator("img").last
    expect(picture).to_have_attribute("alt", re.compile("ruled out"))
    assert ana.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    ana.page.close()
