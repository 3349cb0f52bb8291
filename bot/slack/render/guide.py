"""Pages of the guide as messages for one person, with the buttons that turn them."""

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.ids import IncidentNumber, shown
from bot.guide import Page
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.calls import Block
from bot.slack.render.markdown import as_blocks

# The page below which the checklist can be posted.
CHECKLIST = "a-debugging-checklist"
CONTENTS = "contents"


def page_answer(pages: Sequence[Page], page: Page) -> Answer:
    """A page, where it stands in the guide, and what turns it."""
    at = pages.index(page)
    built = [blocks.header(page.title), *as_blocks(page.body)]
    where = f"{at + 1} of {len(pages)}"
    if page.chapter != page.title:
        where = f"{blocks.escape(page.chapter)} · {where}"
    built += [blocks.context(f"{where} · `/incident guide {page.slug}`"), _turning(pages, at)]
    return said(f"The guide: {page.title}.") | {"blocks": built}


def _turning(pages: Sequence[Page], at: int) -> Block:
    buttons = []
    if at > 0:
        before = pages[at - 1]
        buttons.append(
            blocks.button("‹ Back", f"guide:{before.slug}", before.slug, label=f"Back: {before.title}")
        )
    if at + 1 < len(pages):
        after = pages[at + 1]
        buttons.append(
            blocks.button(
                "Next ›", f"guide:{after.slug}", after.slug, label=f"Next: {after.title}", style="primary"
            )
        )
    buttons.append(blocks.button("Contents", f"guide:{CONTENTS}", CONTENTS, label="All pages of the guide"))
    return blocks.actions("turning", buttons)


def contents(pages: Sequence[Page], *, unknown: str = "") -> Answer:
    """All chapters with their pages; first, if somebody asked for what there is not, that there is not."""
    built = [blocks.header("The method, page by page")]
    if unknown:
        built.append(blocks.section(f"No page is about “{blocks.explained(blocks.clip(unknown, 60))}”."))
    chapters = {page.chapter: [each for each in pages if each.chapter == page.chapter] for page in pages}
    built += _listed(chapters.values())
    built.append(blocks.context("`/incident guide triage`, or any other word of a title, jumps to a page."))
    return said("The guide: contents.") | {"blocks": built}


def _listed(chapters: Iterable[Sequence[Page]]) -> Iterator[Block]:
    for first, *rest in chapters:
        titles = " · ".join(blocks.escape(each.title) for each in rest)
        button = blocks.button("Read", f"guide:{first.slug}", first.slug, label=f"Read: {first.title}")
        yield blocks.section(f"*{blocks.escape(first.chapter)}*\n{titles}".strip()) | {"accessory": button}


def offered(answer: Answer, numbers: Sequence[IncidentNumber]) -> Answer:
    """The page of the checklist with a button for each incident into whose thread it may be posted."""
    buttons = [
        blocks.button(f"Post it in {shown(number)}", f"checklist:{number}", str(number)) for number in numbers
    ]
    row = [blocks.actions("post", buttons)] if buttons else []
    return answer | {"blocks": [*answer["blocks"][:-2], *row, *answer["blocks"][-2:]]}
