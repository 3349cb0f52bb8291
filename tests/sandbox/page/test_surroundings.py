"""Who one is, where one looks from, and what happens when the sandbox itself changes."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.sandbox.page.small_bot import MANIFEST, ROOM
from tests.sandbox.page.visit import PHONE, Visit, Visitor

pytestmark = pytest.mark.browser


def test_only_admins_are_offered_to_delete_what_others_wrote(visit: Visitor, slack: SandboxClient) -> None:
    slack.message("U0CHO", ROOM, "by Cho")
    page = visit()

    page.page.get_by_role("radio", name="Ben Okafor").click()
    page.message("by Cho").hover()
    page.message("by Cho").get_by_role("button", name="More actions").click()

    expect(page.page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    expect(page.page.get_by_role("menuitem", name="Delete message…")).to_have_count(0)


def test_changing_the_person_changes_what_is_seen_and_private_rooms_stay_private(visit: Visitor) -> None:
    page = visit(address="#sec-incidents")
    expect(page.page.get_by_role("heading", name="sec-incidents", level=1)).to_be_visible()

    page.page.keyboard.press("Alt+4")

    expect(page.page.get_by_role("radio", name="Dev Patel")).to_have_attribute("aria-checked", "true")
    expect(page.page.get_by_role("link", name=re.compile("sec-incidents"))).to_have_count(0)
    expect(page.page.get_by_role("heading", name="sec-incidents", level=1)).to_have_count(0)


def test_the_clock_moves_and_an_unknown_command_is_named(visit: Visitor, slack: SandboxClient) -> None:
    before = float(slack.world()["clock"])
    ana = visit()

    ana.button("Sandbox controls").click()
    ana.button("+ 8 h").click()
    expect(ana.page.get_by_role("status").filter(has_text="8 h")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("#panel")).to_be_hidden()
    ana.say("/nonsense")

    assert float(slack.world()["clock"]) > before + 28_000
    expect(ana.page.get_by_role("alert").filter(has_text="/nonsense")).to_be_visible()


def test_a_reset_elsewhere_empties_the_page(visit: Visitor, slack: SandboxClient) -> None:
    slack.message("U0BEN", ROOM, "old news")
    ana = visit()
    expect(ana.message("old news")).to_be_visible()

    slack.reset()

    expect(ana.message("old news")).to_have_count(0)
    ana.say("ping")
    expect(ana.message("pong")).to_be_visible()


def test_a_phone_shows_everything_without_scrolling_sideways(visit: Visitor, slack: SandboxClient) -> None:
    slack.command("U0ANA", ROOM, "/incident", "open")
    root = slack.message("U0BEN", ROOM, "verylongword" * 30)
    slack.message("U0CHO", ROOM, "`" + "x" * 200 + "`", thread_ts=root)
    ana = visit(PHONE)
    wide = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
    inner = (
        "[...document.querySelectorAll('.timeline, .thread-list')].some((e) => e.scrollWidth > e.clientWidth)"
    )

    assert not ana.page.evaluate(f"{wide} || {inner}")
    ana.page.get_by_role("button", name="1 reply").click()
    expect(ana.message("xxx", within="#thread")).to_be_visible()
    assert not ana.page.evaluate(f"{wide} || {inner}")
    box = ana.page.locator("#thread").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    ana.button("Close thread").click()
    ana.button("Open menu").click()
    ana.page.get_by_role("radio", name="Cho Min-ji").click()
    expect(ana.page.get_by_role("radio", name="Cho Min-ji")).to_have_attribute("aria-checked", "true")


def test_people_in_a_group_direct_message_are_its_name(visit: Visitor, slack: SandboxClient) -> None:
    ana = visit()

    ana.page.get_by_role("link", name="Ben, Cho, Rounds, group direct message").click()
    slack.message("U0CHO", "G0ALL", "noon?")

    expect(ana.message("noon?")).to_be_visible()
    expect(ana.page.get_by_role("heading", name="Ben, Cho, Rounds", level=1)).to_be_visible()
    ana.page.keyboard.press("Alt+4")
    expect(ana.page.get_by_role("radio", name="Dev Patel")).to_have_attribute("aria-checked", "true")
    expect(ana.page.get_by_role("link", name="Ben, Cho, Rounds, group direct message")).to_have_count(0)


def test_the_drawer_tells_scripts_where_to_knock(visit: Visitor, slack: SandboxClient) -> None:
    ana = visit()

    ana.button("Sandbox controls").click()

    expect(ana.page.locator("#panel")).to_contain_text(f"{slack.url}/sandbox/")
    expect(ana.page.locator("#panel")).to_contain_text("POST act/command")


def test_a_long_line_of_code_scrolls_inside_its_box(visit: Visitor, slack: SandboxClient) -> None:
    long = "x = 1; " * 60
    slack.message("U0BEN", ROOM, f"```\n{long}\n" + "y = 2\n" * 60 + "```")
    ana = visit(PHONE)

    code = ana.message("x = 1").get_by_role("region", name="Code")

    assert code.evaluate("e => e.scrollWidth > e.clientWidth && e.scrollHeight > e.clientHeight")
    assert code.evaluate("e => e.clientHeight < 400 && e.getBoundingClientRect().right <= innerWidth")


def test_closing_a_thread_leads_back_to_where_it_was_opened(visit: Visitor, slack: SandboxClient) -> None:
    root = slack.message("U0BEN", ROOM, "loss is odd")
    slack.message("U0CHO", ROOM, "since when?", thread_ts=root)
    ana = visit()

    ana.page.get_by_role("button", name="1 reply").focus()
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("#composer-thread")).to_be_focused()
    ana.page.keyboard.press("Escape")

    expect(ana.page.get_by_role("button", name="1 reply")).to_be_focused()


def test_a_flood_of_replies_is_shown_to_the_last_one(visit: Visitor, slack: SandboxClient) -> None:
    root = slack.message("U0BEN", ROOM, "loss is odd")
    for number in range(150):
        slack.message("U0CHO", ROOM, f"step {number}", thread_ts=root, wait=False)
    ana = visit(address=f"#training-runs/{root}")
    expect(ana.page.locator("#thread .msg")).to_have_count(151)

    for number in range(150, 200):
        slack.message("U0CHO", ROOM, f"step {number}", thread_ts=root, wait=False)

    expect(ana.page.locator("#thread .msg")).to_have_count(201)
    expect(ana.message("step 199", within="#thread")).to_be_in_viewport()


def test_an_app_without_a_home_has_no_tab_for_it(browser: BrowserContext) -> None:
    manifest = {**MANIFEST, "features": {"app_home": {"messages_tab_enabled": True}}}
    with Sandbox(SandboxConfig(manifest=manifest)) as alone:
        page = browser.new_page()
        page.goto(f"{alone.url}/#D0ANA/home")

        expect(page.get_by_role("heading", name="Rounds", exact=True, level=1)).to_be_visible()
        expect(page.get_by_role("tab")).to_have_count(0)
        expect(page.locator("#composer-main")).to_be_visible()
        page.close()


def test_times_are_those_of_the_person_one_acts_as(visit: Visitor, slack: SandboxClient) -> None:
    slack.message("U0BEN", ROOM, "what time is it")
    page = visit()
    in_madrid = page.message("what time is it").locator(".stamp").inner_text()

    page.page.keyboard.press("Alt+3")

    expect(page.message("what time is it").locator(".stamp")).not_to_have_text(in_madrid)
    expect(page.page.get_by_text("in Seoul")).to_be_visible()


def test_messages_are_walked_with_the_arrow_keys_and_acted_upon_with_tab(
    visit: Visitor, slack: SandboxClient
) -> None:
    slack.message("U0BEN", ROOM, "one")
    slack.message("U0CHO", ROOM, "two")
    ana = visit()

    ana.page.locator("#timeline").focus()
    for _ in range(2):
        ana.page.keyboard.press("ArrowUp")

    expect(ana.message("one")).to_be_focused()
    ana.page.keyboard.press("Tab")
    expect(ana.message("one").get_by_role("button", name="Add reaction")).to_be_focused()


def test_a_chosen_theme_outlives_a_reload(visit: Visitor) -> None:
    ana = visit()

    ana.button("Switch between light and dark").click()
    ana.page.reload()

    expect(ana.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_page_finds_its_way_back_after_the_sandbox_was_restarted(browser: BrowserContext) -> None:
    first = Sandbox(SandboxConfig())
    first.start()
    port = urlsplit(first.url).port
    assert port is not None
    page = browser.new_page()
    ana = Visit(page, first.url)
    page.goto(f"{ana.url}/#training-runs")
    ana.say("before")
    expect(ana.message("before")).to_be_visible()

    first.stop()
    expect(page.get_by_text("Sandbox is not answering")).to_be_visible()
    with Sandbox(SandboxConfig(port=port)), SandboxClient(ana.url) as again:
        expect(ana.message("before")).to_have_count(0)
        again.message("U0BEN", ROOM, "after")
        expect(ana.message("after")).to_be_visible()
        page.close()


def test_a_bot_that_does_not_answer_is_reported_to_the_person(browser: BrowserContext) -> None:
    with Sandbox(SandboxConfig()) as alone:
        ana = Visit(browser.new_page(), alone.url)
        ana.page.goto(f"{ana.url}/#training-runs")
        expect(ana.page.get_by_text("Rounds is not connected")).to_be_visible()

        ana.say("/incident open anybody there")

        expect(ana.page.get_by_role("alert").filter(has_text="/incident failed")).to_be_visible()
        ana.page.close()
