"""The modals that ask what to do if something happens, whom it hurts, since when, and how the incident is.

What was answered becomes the words of a reply, so that a modal and a person who types say the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.diagnosis.differential import by_likelihood
from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, shown
from bot.domain.readiness.contingency import Contingency, contingency_name
from bot.domain.readiness.preparing import EXAMPLE, IfThen, written_if
from bot.domain.readiness.telling import BY_THE_SIGNS
from bot.domain.signs.stability import Stability
from bot.domain.terms import written_moment
from bot.domain.ward import Chart
from bot.slack.render import blocks, readiness
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import (
    Submission,
    about,
    asking,
    hinted,
    modal,
    one_line,
    option,
    place_of,
    radio,
    ticks,
    words,
)

SHOWN = 8
WORDS = {
    Stability.STABLE: "No help is needed before the next look",
    Stability.WATCHER: "May get worse: somebody keeps looking",
    Stability.UNSTABLE: "Needs somebody now",
}


def if_view(
    chart: Chart, here: ChannelId | None, number: int | None = None, letter: str | None = None
) -> View:
    """Ask for a new contingency, for a hypothesis if a *letter* is given, or for what changes about one.

    Raises:
        NotUnderstood: There is no such contingency.
    """
    known = None if number is None else known_contingency(chart, number)
    asked = [
        words("when", "If…", placeholder="loss > 4", value=known.when if known else ""),
        words("then", "…then", placeholder="roll back to step 2900", value=known.then if known else ""),
        _owner(known),
        *_hypotheses(chart, known, letter),
    ]
    title = f"{shown(chart.incident.number)}: {known.name if known else 'if, then'}"
    return modal("if", title, "Keep", asked, place_of(chart, here) | {"contingency": number})


def _owner(known: Contingency | None) -> Block:
    element: Block = {"type": "users_select"}
    if known and known.owner:
        return asking("owner", "Who does it?", element | {"initial_user": known.owner})
    asked = asking("owner", "Who does it?", element, optional=True)
    return hinted(asked, "One person; without a name it is you.")


def _hypotheses(chart: Chart, known: Contingency | None, letter: str | None) -> Iterator[Block]:
    """For which hypotheses: the one that was asked for, those it is for already, or the one that leads."""
    live = by_likelihood(chart.workup.differential)
    letters = {each.letter for each in live}
    kept = [each for each in chart.workup.differential.hypotheses if known and each.letter in known.about]
    listed = [*live, *(each for each in kept if each.letter not in letters)]
    ticked = known.about if known else [letter] if letter in letters else [each.letter for each in live[:1]]
    if listed:
        options = [
            option(f"{each.letter}: {blocks.one_line(each.statement, chart.names, 70)}", each.letter)
            for each in listed
        ]
        yield ticks("about", "Which hypotheses is it for?", options, ticked=[each for each in ticked if each])


def known_contingency(chart: Chart, number: int) -> Contingency:
    """The contingency of that number.

    Raises:
        NotUnderstood: There is none.
    """
    found = chart.workup.contingency(number)
    if found is None:
        raise NotUnderstood(f"There is no contingency {contingency_name(number)}.", EXAMPLE)
    return found


def if_text(form: Submission, letters: Sequence[str]) -> str:
    """The contingency as it would be typed; *letters* are those of the hypotheses there are.

    Raises:
        NotUnderstood: It does not say what is to be done when.
    """
    when, then = one_line(form.text("when")), one_line(form.text("then"))
    for field, text, problem in (("when", when, "If what?"), ("then", then, "Then what?")):
        with about(field):
            if not text:
                raise NotUnderstood(problem, "“loss > 4”, then “roll back to step 2900”")
    ticked = tuple(letter for letter in letters if letter in form.ticked("about"))
    said = IfThen(
        when=when,
        then=then,
        contingency=form.data.get("contingency"),
        owner=form.user("owner"),
        about=ticked or None,
    )
    return written_if(said, letters)


def if_off_view(chart: Chart, here: ChannelId | None, number: int) -> View:
    """Ask why a contingency no longer holds.

    Raises:
        NotUnderstood: There is no such contingency.
    """
    each = known_contingency(chart, number)
    asked = [
        blocks.rich(readiness.contingency_line(chart, each)),
        words("reason", "Why does it no longer hold?", placeholder="The vendor has fixed it"),
    ]
    data = place_of(chart, here) | {"contingency": number}
    return modal("if_off", f"{shown(chart.incident.number)}: {each.name} off", "Keep", asked, data)


def if_off_text(form: Submission) -> str:
    """That it no longer holds, as it would be typed.

    Raises:
        NotUnderstood: It does not say why.
    """
    name, reason = contingency_name(int(form.data["contingency"])), one_line(form.text("reason"))
    with about("reason"):
        if not reason:
            raise NotUnderstood(f"Why does {name} no longer hold?", "“the vendor has fixed it”")
    return f"{name} off {reason}"


def impact_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask whom the incident hurts, and how."""
    impact = chart.workup.impact
    asked = [
        words(
            "impact",
            "Whom does it hurt, and how?",
            placeholder="eval pipeline of 3 teams blocked",
            value=impact.words if impact else "",
        )
    ]
    return modal("impact", f"{shown(chart.incident.number)}: impact", "Keep", asked, place_of(chart, here))


def onset_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask when it began, in the time of whoever looks at it."""
    first = chart.workup.onset or chart.incident.opened_at
    picker: Block = {"type": "datetimepicker", "initial_date_time": int(first.timestamp())}
    asked = [hinted(asking("onset", "When did it begin?", picker), "Not when it was noticed: when it began.")]
    return modal("onset", f"{shown(chart.incident.number)}: onset", "Keep", asked, place_of(chart, here))


def onset_text(form: Submission, now: datetime) -> str:
    """When it began, as it would be typed.

    Raises:
        NotUnderstood: That is still to come.
    """
    onset = form.moment("onset")
    with about("onset"):
        if onset is None or onset > now:
            raise NotUnderstood("That is still to come, so it cannot have begun then.", "a time in the past")
    return written_moment(onset)


def stability_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask how the incident is, where the signs do not tell all, and why."""
    signs, judged = chart.workup.condition.word, chart.workup.judged
    options = [option(word.value, word.value, description=why) for word, why in WORDS.items()]
    options.append(option("as the signs say", BY_THE_SIGNS, description=f"now: {signs.value}"))
    asked = [
        radio("word", "How is it?", options, chosen=judged.word.value if judged else None),
        hinted(
            words("reason", "Why?", optional=True, value=judged.reason if judged else ""),
            "Needed unless the signs decide. It counts until the next reading that changes their word.",
        ),
    ]
    return modal(
        "stability", f"{shown(chart.incident.number)}: stability", "Keep", asked, place_of(chart, here)
    )


def stability_text(form: Submission) -> str:
    """How it is, as it would be typed.

    Raises:
        NotUnderstood: It does not say why.
    """
    word, reason = form.option("word") or "", one_line(form.text("reason"))
    if word == BY_THE_SIGNS:
        return word
    with about("reason"):
        if not reason:
            raise NotUnderstood(f"Why {word}?", "“cache is cold, may tip over”")
    return f"{word}: {reason}"


def contingencies_section(chart: Chart) -> Iterator[Block]:
    """The contingencies of the work-up: those that hold with their buttons, and those that do no longer."""
    holding = readiness.in_order(chart.workup.holding)
    revoked = [each for each in chart.workup.contingencies if not each.holds]
    if holding or revoked:
        yield blocks.header("If it happens")
    for each in holding[-SHOWN:]:
        yield blocks.rich(readiness.contingency_line(chart, each))
        if chart.incident.resolved_at is None:
            offered = button_rows.of_contingency(each)
            yield from blocks.offers(f"of-{each.name}", offered, button_rows.value_of(chart))
    if revoked:
        lines = (readiness.contingency_line(chart, each) for each in revoked[-SHOWN:])
        yield blocks.rich(blocks.bullets(lines))
    left = max(len(holding) - SHOWN, 0) + max(len(revoked) - SHOWN, 0)
    if left:
        yield blocks.context(f"and {left} more")
