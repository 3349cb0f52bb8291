"""The modal that asks for a calendar: its address, or the calendar itself as a file."""

from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId
from bot.slack.render.calls import View
from bot.slack.render.modals.form import Submission, about, asking, hinted, modal, words

FILES = ["ics", "ical", "ifb", "txt"]
WHY = "the address that an on-call tool gives out for subscribing, or a file that ends in .ics"


def calendar_view(here: ChannelId | None, *, everywhere: bool) -> View:
    """Ask for the calendar that says who is on duty, here or *everywhere*."""
    asked = [
        hinted(
            words("address", "Address of the calendar", optional=True, placeholder="https://…"),
            "It is read again every 15 minutes, and shown to nobody.",
        ),
        hinted(
            asking(
                "file",
                "…or the calendar as a file",
                {"type": "file_input", "max_files": 1, "filetypes": FILES},
                optional=True,
            ),
            "It is read once, for the next 13 months.",
        ),
    ]
    return modal(
        "shift_calendar", "Who is on duty?", "Read it", asked, {"here": here, "everywhere": everywhere}
    )


def calendar_given(form: Submission) -> tuple[str, str, str]:
    """An address, or else the id and the name of a file.

    Raises:
        NotUnderstood: Neither is given, or both are.
    """
    address, files = form.text("address"), form.uploads("file")
    with about("address"):
        if bool(address) == bool(files):
            raise NotUnderstood("A calendar has an address, or it is a file.", WHY)
    return (address, "", "") if address else ("", *files[0])
