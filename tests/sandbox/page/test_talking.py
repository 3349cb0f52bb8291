"""Writing, reading, threads and reactions on the page."""

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from tests.sandbox.page.small_bot import ROOM, plain
from tests.sandbox.page.visit import Visitor

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>document.title='owned'</script> <img src=x onerror=\"document.title='owned'\"> <!channel> & done"
)


def test_a_person_sends_a_message_and_sees_the_bot_answer_live(visit: Visitor) -> None:
    ana = visit()

    ana.say("ping")

    expect(ana.message("ping")).to_contain_text("Ana Ruiz")
    expect(ana.message("pong loudly").locator("strong")).to_have_text("loudly")
    expect(ana.message("pong")).to_contain_text("BOT")


def test_what_others_write_appears_without_reloading_and_marks_other_rooms_unread(
    visit: Visitor, slack: SandboxClient
) -> None:
    ana = visit()

    slack.message("U0BEN", ROOM, "hello from Ben")
    slack.message("U0BEN", "C0INCIDENTS", "look @ana")

    expect(ana.message("hello from Ben")).to_be_visible()
    expect(ana.page.get_by_role("link", name="ml-incidents, channel, 1 unread, 1 for you")).to_be_visible()


def test_shift_enter_makes_a_new_line_instead_of_sending(visit: Visitor) -> None:
    ana = visit()

    ana.type("first")
    ana.page.keyboard.press("Shift+Enter")
    ana.page.keyboard.type("second")
    ana.page.keyboard.press("Enter")

    expect(ana.message("first")).to_contain_text("second")
    expect(ana.page.locator("#timeline .msg")).to_have_count(1)


def test_a_thread_opens_beside_the_channel_and_its_address_leads_back_to_it(
    visit: Visitor, slack: SandboxClient
) -> None:
    root = slack.message("U0BEN", ROOM, "loss is odd")
    slack.message("U0CHO", ROOM, "since when?", thread_ts=root)
    ana = visit()

    ana.page.get_by_role("button", name="1 reply").click()
    ana.say("since noon", into="#composer-thread")

    expect(ana.message("since noon", within="#thread")).to_be_visible()
    expect(ana.page.get_by_role("button", name="2 replies")).to_be_visible()
    expect(ana.message("since noon")).to_have_count(0)
    assert ana.page.url.endswith(f"#training-runs/{root}")
    expect(visit(address=f"#training-runs/{root}").message("since when?", within="#thread")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("#thread")).to_be_hidden()


def test_reactions_are_picked_shown_with_their_people_and_taken_back(
    visit: Visitor, slack: SandboxClient
) -> None:
    slack.message("U0BEN", ROOM, "it is fixed")
    ana = visit()

    ana.message("it is fixed").hover()
    ana.button("Add reaction").click()
    ana.page.get_by_label("Search emoji").fill("tada")
    ana.page.keyboard.press("Enter")

    mine = ana.page.get_by_role("button", name="tada, 1, by Ana Ruiz")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_have_count(0)


def test_own_messages_are_edited_where_they_stand_and_marked(visit: Visitor) -> None:
    ana = visit()
    ana.say("teh loss & @ben")

    ana.menu("teh loss", "Edit message")
    expect(ana.page.get_by_label("Edit message")).to_have_value("teh loss & @ben")
    ana.page.get_by_label("Edit message").fill("the loss & @ben")
    ana.page.keyboard.press("Enter")

    expect(ana.message("the loss & @Ben Okafor")).to_contain_text("(edited)")


def test_a_deleted_root_leaves_a_tombstone_and_a_lone_message_nothing(
    visit: Visitor, slack: SandboxClient
) -> None:
    root = slack.message("U0ANA", ROOM, "a root")
    slack.message("U0BEN", ROOM, "an answer", thread_ts=root)
    slack.message("U0ANA", ROOM, "a lone one")
    ana = visit()

    for text in ("a root", "a lone one"):
        ana.menu(text, "Delete message…")
        ana.button("Delete").click()

    expect(ana.message("(deleted)")).to_contain_text("1 reply")
    expect(ana.message("a lone one")).to_have_count(0)


def test_an_empty_room_offers_the_first_command(visit: Visitor) -> None:
    ana = visit()

    ana.button("Put it into the message box").click()

    expect(ana.page.locator("#composer-main")).to_have_value(
        "/incident open sev2 loss is NaN since step 3100"
    )
    expect(ana.page.locator("#composer-main")).to_be_focused()


def test_hostile_text_stays_text_from_people_and_from_the_bot(visit: Visitor, slack: SandboxClient) -> None:
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    web = WebClient(token="xoxb-sandbox-bot", base_url=f"{slack.url}/api/")
    sections = [
        {"type": "section", "text": kind} for kind in (plain(HOSTILE), {"type": "mrkdwn", "text": escaped})
    ]
    ana = visit()

    ana.say(HOSTILE)
    web.chat_postMessage(channel=ROOM, text="hostile", blocks=sections)
    web.chat_postMessage(channel=ROOM, text="<javascript:document.title=1|press me>")

    expect(ana.message("document.title").locator("text=<script>")).to_have_count(3)
    expect(ana.message("press me").locator("a:has-text('press me')")).to_have_count(0)
    expect(
        ana.page.locator("#timeline .msg-text script, #timeline .msg-text img, #timeline .mention")
    ).to_have_count(0)
    expect(ana.page).to_have_title("#training-runs · Rounds sandbox")
