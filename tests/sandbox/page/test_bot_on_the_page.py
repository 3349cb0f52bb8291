"""How people use what the bot shows: commands, buttons, modals and their inputs, the Home tab, files."""

import base64
import json
import re

import pytest
from playwright.sync_api import FilePayload, JSHandle, Locator, expect
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from tests.sandbox.page.small_bot import ROOM, button, plain
from tests.sandbox.page.visit import Visit, Visitor

pytestmark = pytest.mark.browser

# The smallest picture there is: one grey dot.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def open_everything(ana: Visit) -> Locator:
    """The modal with every kind of input."""
    ana.button("Attach and shortcuts").click()
    ana.page.get_by_role("menuitem", name="Open all").click()
    return ana.page.get_by_role("dialog", name="Everything")


def a_file(name: str) -> FilePayload:
    """A file that is no text."""
    return {"name": name, "mimeType": "image/png", "buffer": PIXEL}


def dragged(ana: Visit, name: str) -> JSHandle:
    """The same, as it hangs from the mouse."""
    script = "name => { const it = new DataTransfer(); it.items.add(new File(['x'], name)); return it; }"
    return ana.page.evaluate_handle(script, name)


def test_a_command_is_completed_and_sent_by_keyboard_alone_and_its_answer_is_for_that_person_only(
    visit: Visitor,
) -> None:
    ana = visit()

    ana.page.locator("#composer-main").focus()
    ana.page.keyboard.type("/inc")
    expect(ana.page.get_by_role("option", name="/incident")).to_have_attribute("aria-selected", "true")
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.type("sev2 loss is NaN, says @be")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")

    answer = ana.message("You asked for: open sev2 loss is NaN, says @Ben Okafor")
    expect(answer).to_contain_text("Only visible to you")
    expect(ana.page.get_by_role("heading", name="INC-1 · loss is NaN")).to_be_visible()
    ben = visit()
    ben.page.get_by_role("radio", name="Ben Okafor").click()
    expect(ben.message("INC-1")).to_be_visible()
    expect(ben.message("You asked for")).to_have_count(0)
    answer.get_by_role("button", name="Dismiss").click()
    expect(answer).to_have_count(0)


def test_a_button_opens_a_modal_whose_error_is_corrected(visit: Visitor, slack: SandboxClient) -> None:
    slack.command("U0ANA", ROOM, "/incident", "open")
    ana = visit()
    ana.button("Add details").click()
    modal = ana.page.get_by_role("dialog", name="Details")
    expect(modal.get_by_label("What happened")).to_be_focused()

    ana.page.keyboard.type("broken")
    ana.page.keyboard.press("Enter")
    expect(modal).to_contain_text("Please complete this required field.")
    modal.get_by_label("Severity").select_option(label="SEV2")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_contain_text("Say it in two words at least.")
    expect(modal.get_by_label("What happened")).to_have_attribute("aria-invalid", "true")
    modal.get_by_label("What happened").fill("loss exploded")
    modal.get_by_role("button", name="Save").click()

    expect(modal).to_have_count(0)
    expect(ana.message("sev2: loss exploded")).to_be_visible()


def test_a_view_pushed_on_top_gives_way_to_what_was_typed_below(visit: Visitor) -> None:
    ana = visit()
    ana.button("Attach and shortcuts").click()
    ana.page.get_by_role("menuitem", name="Open one").click()
    form = ana.page.get_by_role("dialog", name="Details")
    form.get_by_label("What happened").fill("half a thought")

    form.get_by_role("button", name="Explain").click()
    expect(ana.page.get_by_role("dialog", name="Severity")).to_contain_text("2 of 3")
    ana.page.keyboard.press("Escape")

    expect(form.get_by_label("What happened")).to_have_value("half a thought")
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("dialog")).to_have_count(0)


def test_tab_stays_inside_an_open_modal(visit: Visitor, slack: SandboxClient) -> None:
    slack.message("U0BEN", ROOM, "restarted the loader")
    ana = visit()
    ana.menu("restarted the loader", "Log it")
    expect(ana.page.get_by_role("dialog", name="Details")).to_be_visible()

    for _ in range(12):
        ana.page.keyboard.press("Tab")

    assert ana.page.evaluate("document.querySelector('dialog').contains(document.activeElement)")


def test_a_button_with_a_confirm_asks_first_and_the_update_shows_at_once(
    visit: Visitor, slack: SandboxClient
) -> None:
    slack.command("U0ANA", ROOM, "/incident", "open")
    ana = visit()

    ana.button("Resolve").click()
    ana.button("Not yet").click()
    expect(ana.page.get_by_role("heading", name="INC-1 · loss is NaN")).to_be_visible()
    ana.button("Resolve").click()
    ana.page.get_by_role("dialog", name="Resolve it?").get_by_role("button", name="Resolve").click()

    expect(ana.message("INC-1 is over")).to_be_visible()
    expect(ana.button("Resolve")).to_have_count(0)


def test_the_home_tab_shows_what_the_bot_published(visit: Visitor) -> None:
    ana = visit()

    ana.page.get_by_role("link", name="Rounds, direct message").click()
    ana.page.get_by_role("tab", name="Home").click()

    expect(ana.page.locator("#home")).to_contain_text("INC-1 · loss is NaN")


def test_a_file_is_attached_and_shown_as_a_chip(visit: Visitor) -> None:
    ana = visit()

    ana.button("Attach and shortcuts").click()
    ana.page.get_by_role("menuitem", name="Attach a text file…").click()
    ana.page.get_by_label("Name").fill("train.log")
    ana.page.get_by_label("Text content").fill("step 3100 loss nan")
    ana.button("Attach").click()
    ana.say("the log")

    expect(ana.message("the log").get_by_role("link", name=re.compile("train.log"))).to_be_visible()


def test_a_shared_html_file_is_saved_and_not_opened_as_a_page(visit: Visitor, slack: SandboxClient) -> None:
    page = {"name": "evil.html", "content": "<script>parent.owned = 1</script>", "mimetype": "text/html"}
    slack.message("U0BEN", ROOM, "have a look", files=[page])
    ana = visit()

    with ana.page.expect_download() as download:
        ana.message("have a look").get_by_role("link", name=re.compile("evil.html")).click()

    assert download.value.suggested_filename == "evil.html"


def test_a_picture_of_the_bot_is_shown_with_its_description_and_opens_in_full(
    visit: Visitor, slack: SandboxClient
) -> None:
    web = WebClient(token="xoxb-sandbox-bot", base_url=f"{slack.url}/api/")
    words = "Loss rises from step 3100."
    web.files_upload_v2(
        channel=ROOM, content=PIXEL, filename="loss.png", alt_txt=words, initial_comment="Here"
    )
    ana = visit()

    picture = ana.message("Here").get_by_role("img", name=words)
    expect(picture).to_have_js_property("naturalWidth", 1)
    with ana.page.expect_popup() as opened:
        picture.click()

    assert re.search(r"/files/F\w+/loss\.png$", opened.value.url)
    opened.value.close()


def test_every_kind_of_input_reaches_the_bot_with_its_value(visit: Visitor, slack: SandboxClient) -> None:
    ana = visit()
    modal = open_everything(ana)

    modal.get_by_label("Lines").fill("one\ntwo")
    modal.get_by_label("Level").select_option(label="SEV1")
    modal.get_by_label("Person").select_option(label="Cho Min-ji")
    modal.get_by_role("radio", name="No").check()
    modal.get_by_role("group", name="Boxes").get_by_role("checkbox", name="Yes").check()
    modal.get_by_role("group", name="Many").get_by_role("checkbox", name="SEV2").check()
    modal.get_by_label("Day").fill("2026-11-24")
    modal.get_by_label("Hour").fill("09:30")
    modal.get_by_label("Moment").fill("2026-11-24T10:00")
    modal.get_by_label("Number").fill("3.5")
    modal.get_by_role("button", name="Send").click()

    expect(modal).to_have_count(0)
    expect(ana.message("Left out")).to_be_visible()
    assert json.loads(slack.messages(ROOM)[-1]["text"]) == {
        "Lines": "one\ntwo",
        "Level": "sev1",
        "Person": "U0CHO",
        "Place": ROOM,
        "Radio": "no",
        "Boxes": ["yes"],
        "Many": ["sev2"],
        "Day": "2026-11-24",
        "Hour": "09:30",
        # Ten o'clock in Madrid is nine in UTC.
        "Moment": 1_795_510_800,
        "Number": "3.5",
        "Left out": None,
        "Files": [],
    }


def test_files_are_chosen_and_dragged_into_a_modal_and_reach_the_bot_with_name_and_address(
    visit: Visitor, slack: SandboxClient
) -> None:
    ana = visit()
    modal = open_everything(ana)

    modal.get_by_label("Files").set_input_files([a_file("train.log"), a_file("wrong.log")])
    modal.get_by_role("button", name="Remove wrong.log").click()
    expect(modal.get_by_label("Files")).to_be_focused()
    modal.locator(".file-zone").dispatch_event("drop", {"dataTransfer": dragged(ana, "loss.PNG")})
    expect(modal.locator(".file-list")).to_contain_text("loss.PNG")
    modal.get_by_role("button", name="Send").click()

    expect(modal).to_have_count(0)
    expect(ana.message("train.log")).to_be_visible()
    found = json.loads(slack.messages(ROOM)[-1]["text"])["Files"]
    assert [name for name, _ in found] == ["train.log", "loss.PNG"]
    assert ana.page.request.get(found[0][1]).body() == PIXEL


def test_files_that_are_too_many_or_of_another_kind_are_refused_where_they_are_chosen(visit: Visitor) -> None:
    ana = visit()
    modal = open_everything(ana)
    field = modal.get_by_label("Files")

    field.set_input_files([a_file("notes.docx")])
    expect(modal.locator(".file-zone")).to_contain_text("notes.docx cannot be attached here, only log, png.")
    field.set_input_files([a_file("1.log"), a_file("2.log"), a_file("3.log")])
    expect(modal.locator(".file-zone")).to_contain_text("Please attach no more than 2 files.")
    field.set_input_files([a_file("1.log"), a_file("2.log")])

    expect(modal.get_by_role("button", name="Remove 2.log")).to_be_visible()
    expect(modal.locator(".file-zone")).not_to_contain_text("Please attach")


def test_what_is_typed_reaches_the_bot_with_a_click_before_it_is_submitted(
    visit: Visitor, slack: SandboxClient
) -> None:
    web = WebClient(token="xoxb-sandbox-bot", base_url=f"{slack.url}/api/")
    element = {"type": "plain_text_input", "action_id": "it"}
    block = {"type": "input", "block_id": "synthesis", "label": plain("Synthesis"), "element": element}
    row = {"type": "actions", "elements": [button("Say it again", "repeat")]}
    web.chat_postMessage(channel=ROOM, text="Read it back", blocks=[block, row])
    ana = visit()

    ana.page.get_by_label("Synthesis").fill("in my own words")
    ana.button("Say it again").click()
    expect(ana.message('So far: {"synthesis": "in my own words"}')).to_be_visible()
    ana.button("Attach and shortcuts").click()
    ana.page.get_by_role("menuitem", name="Open one").click()
    ana.page.get_by_label("Severity").select_option(label="SEV2")
    ana.button("Repeat").click()

    expect(ana.message('So far: {"what": null, "level": "sev2"}')).to_be_visible()


def test_the_focus_returns_to_what_opened_a_modal_although_the_message_changed_meanwhile(
    visit: Visitor, slack: SandboxClient
) -> None:
    slack.command("U0ANA", ROOM, "/incident", "open")
    ana = visit()

    ana.button("Add details").focus()
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_label("What happened")).to_be_focused()
    slack.react("U0BEN", ROOM, slack.messages(ROOM)[-1]["ts"], "eyes")
    expect(ana.page.locator(".reaction", has_text="1")).to_be_attached()
    ana.page.keyboard.press("Escape")

    expect(ana.button("Add details")).to_be_focused()
    slack.react("U0BEN", ROOM, slack.messages(ROOM)[-1]["ts"], "tada")
    expect(ana.page.locator(".reaction", has_text="1")).to_have_count(2)
    expect(ana.button("Add details")).to_be_focused()


def test_what_is_typed_into_a_message_survives_the_reaction_of_somebody_else(
    visit: Visitor, slack: SandboxClient
) -> None:
    web = WebClient(token="xoxb-sandbox-bot", base_url=f"{slack.url}/api/")
    element = {"type": "plain_text_input", "action_id": "it"}
    block = {"type": "input", "block_id": "synthesis", "label": plain("Synthesis"), "element": element}
    ts = web.chat_postMessage(channel=ROOM, text="Read it back", blocks=[block])["ts"]
    ana = visit()

    ana.page.get_by_label("Synthesis").fill("in my own words")
    slack.react("U0BEN", ROOM, str(ts), "eyes")

    expect(ana.page.get_by_role("button", name="eyes, 1, by Ben Okafor")).to_be_visible()
    expect(ana.page.get_by_label("Synthesis")).to_have_value("in my own words")
