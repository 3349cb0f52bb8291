"""The checklist and the guide in the browser: boxes in a message, and pages that turn in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.demo import Clock, running
from bot.manifests import manifest_data
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.sandbox.page.visit import PATIENCE_MS, PHONE, Visit


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a sandbox in which an incident is open and its checklist is posted."""
    with (
        Sandbox(SandboxConfig(manifest=manifest_data("socket"))) as sandbox,
        SandboxClient(sandbox.url) as slack,
        running(sandbox, tmp_path / "rounds.db", Clock(slack)),
    ):
        slack.command("U0ANA", "C0INCIDENTS", "/incident", "open sev2 loss is NaN since step 3100")
        slack.command("U0ANA", "C0INCIDENTS", "/incident", "checklist 1")
        yield sandbox.url


def reader(browser: BrowserContext, url: str, who: str) -> Page:
    """Somebody who has the thread before them."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    visit = Visit(page, url)
    visit.open("#ml-incidents")
    page.get_by_role("radio", name=who).click()
    visit.message("INC-1").get_by_role("button").filter(has_text="repl").first.click()
    return page


@pytest.mark.browser
def test_boxes_in_a_message_are_ticked_for_all_and_the_guide_turns_its_pages_in_place(
    address: str, browser: BrowserContext
) -> None:
    ana, ben = (reader(browser, address, who) for who in ("Ana Ruiz", "Ben Okafor"))
    expect(ana.get_by_role("checkbox", name="Schema")).not_to_be_checked()

    ana.get_by_role("checkbox", name="Schema").check()
    expect(ben.get_by_role("checkbox", name="Schema")).to_be_checked()
    ben.get_by_role("checkbox", name="Labels").check()

    for page in (ana, ben):
        expect(page.get_by_text("2 of 26")).to_be_visible()
        expect(page.get_by_role("checkbox", name="Schema")).to_be_checked()
        expect(page.get_by_role("checkbox", name="Labels")).to_be_checked()
    ben.set_viewport_size(PHONE)
    expect(ben.get_by_role("checkbox", name="Labels")).to_be_checked()
    assert ben.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    Visit(ana, address).say("/incident guide triage")
    expect(ana.get_by_role("heading", name="Triage", exact=True)).to_be_visible()
    ana.get_by_role("button", name="Next: Differential").click()

    expect(ana.get_by_role("heading", name="Differential", exact=True)).to_be_visible()
    expect(ana.get_by_role("heading", name="Triage", exact=True)).to_have_count(0)
