"""The demo as its first user meets it: one command, one address, one incident by hand."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect

from bot.demo import CASES, Clock, passing, running
from bot.domain.chart import Kind
from bot.domain.ids import IncidentNumber
from bot.manifests import manifest_data
from bot.sandbox.cases.player import Telling, play
from bot.sandbox.cases.script import Await, Case
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from bot.store import entries
from tests.conversation import TEAM
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
    with playing(CASES["collator"], tmp_path) as address:
        yield address


@contextmanager
def playing(case: Case, folder: Path) -> Iterator[str]:
    """The address of a sandbox in which a case was played at once, as if it had just ended."""
    with (
        Sandbox(SandboxConfig(manifest=manifest_data("socket"))) as sandbox,
        SandboxClient(sandbox.url) as client,
    ):
        clock = Clock(client)
        clock.moves(-case.story)
        with running(sandbox, folder / "rounds.db", clock) as bot:
            play(client, case, Telling(speed=0.0, let_pass=passing(bot, clock)))
            yield sandbox.url


def until(case: Case, words: str) -> Case:
    """The case as far as somebody has seen these words of the bot's."""
    steps = case.steps
    return replace(case, steps=steps[: [step.action for step in steps].index(Await(words)) + 1])


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
def test_a_log_that_is_attached_to_a_new_incident_stays_in_its_chart_with_name_and_address(
    tmp_path: Path, browser: BrowserContext
) -> None:
    trace = FilePayload(name="train.log", mimeType="text/plain", buffer=b"step 3100 loss nan")
    with (
        Sandbox(SandboxConfig(manifest=manifest_data("socket"))) as sandbox,
        running(sandbox, tmp_path / "rounds.db") as bot,
    ):
        ana = visitor(browser, sandbox.url)

        ana.say("/incident open")
        modal = ana.page.get_by_role("dialog", name="Open an incident")
        modal.get_by_label("What is wrong?").fill("loss is NaN")
        modal.get_by_label("…or attach it").set_input_files([trace])
        modal.get_by_role("button", name="Open").click()
        expect(ana.message("INC-1 · loss is NaN")).to_contain_text("train.log")

        with bot.desk.database.reading() as session:
            [entry] = entries.of(session, TEAM, IncidentNumber(1))
        [file] = entry.files
        found = (entry.kind, file.name, ana.page.request.get(file.permalink).body())
        ana.page.close()

    assert found == (Kind.LOG, "train.log", trace["buffer"])


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


@pytest.mark.browser
def test_a_replayed_case_ends_with_the_digest_of_the_next_morning(
    replayed: str, browser: BrowserContext
) -> None:
    ana = visitor(browser, replayed, "#training-runs")
    ana.page.set_viewport_size(PHONE)

    digest = ana.message("Resolved since yesterday")

    expect(digest).to_contain_text("support-sft-0412")
    expect(digest).to_contain_text("collator gets string columns")
    assert ana.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    ana.page.close()


@pytest.mark.browser
def test_what_a_case_asks_on_the_way_is_answered_on_the_page_by_one_tap(
    tmp_path: Path, browser: BrowserContext
) -> None:
    with playing(until(CASES["collator"], "Nobody leads yet"), tmp_path) as address:
        ana = visitor(browser, address, "#training-runs")
        ana.page.get_by_role("button", name=re.compile("repl(y|ies)")).first.click()
        asked = ana.message("One thing to answer here", within="#thread")
        expect(asked).to_contain_text("Nobody leads yet. Who takes it?")

        asked.get_by_role("button", name=re.compile("Take the lead")).click()

        expect(ana.message("leads INC-1 now", within="#thread")).to_be_visible()
        expect(ana.message("Answered. Next prompt", within="#thread")).to_be_visible()
        expect(asked).to_have_count(0)
        ana.page.close()


@pytest.mark.browser
def test_a_prompt_that_nobody_answers_is_told_to_the_channel_of_the_case(
    tmp_path: Path, browser: BrowserContext
) -> None:
    with playing(until(CASES["gru-heads"], "Nobody has answered"), tmp_path) as address:
        ana = visitor(browser, address)
        told = ana.message("Situation:")
        expect(told).to_contain_text("Recommendation: @Ana Ruiz: Nobody leads yet. Who takes it?")

        told.get_by_role("button", name=re.compile("Take the lead")).click()

        card = ana.message("INC-1 · sentinel 2.8")
        expect(card).to_contain_text(re.compile(r"Lead\s*@Ana Ruiz"))
        ana.page.close()
