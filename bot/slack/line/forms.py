"""The forms of ``/incident``, as help and README show them, and other words for the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of the command, as help and README show it."""

    verb: str
    usage: str
    does: str


FORMS = (
    Form(
        verb="open",
        usage="open [sev1..sev5] [what you see]",
        does="Opens an incident here, in a thread of its own. Without words a form asks for them.",
    ),
    Form(verb="list", usage="list", does="Shows what is open, the worst first."),
    Form(
        verb="show",
        usage="show INC-n",
        does="Shows one chart, to you alone, with a button that posts how its differential evolved.",
    ),
    Form(
        verb="search",
        usage="search words [open / resolved] [since 30d]",
        does="Finds incidents by words, names of errors and “whole phrases” in titles, charts and causes; "
        "`token*` finds what begins so.",
    ),
    Form(
        verb="sev",
        usage="sev INC-n sevN reason",
        does="Changes the severity; the earlier one stays on record.",
    ),
    Form(verb="lead", usage="lead INC-n @user", does="Says who leads; without a name it is you."),
    Form(
        verb="handoff",
        usage="handoff @user [INC-n / all]",
        does="Hands incidents over: compiled, scored, sent. They stay yours until that person has read back.",
    ),
    Form(
        verb="second-opinion",
        usage="second-opinion INC-n @user @user [20m]",
        does="Asks people in private what it could be, and shows their lists together once all have answered "
        "or the time is up.",
    ),
    Form(
        verb="resolve",
        usage="resolve INC-n cause",
        does="Closes it with its cause: words, a hypothesis's letter, or “unknown”. "
        "`; gone: how you know` and `; anyway: why` answer what is asked before.",
    ),
    Form(verb="reopen", usage="reopen INC-n reason", does="Opens it again."),
    Form(
        verb="prompts",
        usage="prompts INC-n [off / on / every 20m]",
        does="Shows what is asked in it and when; or asks nothing, asks as usual, or as often as you say.",
    ),
    Form(
        verb="quiet",
        usage="quiet [me] [22:00-07:00 [Europe/Berlin] / off]",
        does="Keeps prompts from coming at these hours, for all or for you. SEV1 and SEV2 still ask.",
    ),
    Form(
        verb="digest",
        usage="digest",
        does="Shows to you alone how this channel's digest looks now: what is open, overdue and resolved.",
    ),
    Form(
        verb="digest at",
        usage="digest here at 09:00 [Europe/Berlin] [weekdays]",
        does="Sends it to this channel every day at that time; without a zone, in yours.",
    ),
    Form(verb="digest off", usage="digest off", does="Sends it to this channel no more."),
    Form(verb="digest list", usage="digest list", does="Shows which channels get one, and when."),
    Form(
        verb="guide",
        usage="guide [topic]",
        does="Explains the method in short pages, to you alone; `triage`, `checklist`… jump to a page.",
    ),
    Form(
        verb="checklist",
        usage="checklist INC-n",
        does="Posts the debugging checklist into the thread, where everybody can tick it.",
    ),
    Form(
        verb="export",
        usage="export INC-n [md / json] [here]",
        does="Brings you a case report, or all of it as JSON, in private; with `here` into its thread.",
    ),
    Form(
        verb="stats",
        usage="stats [30d / since 2026-11-01]",
        does="Shows to you alone how incidents went: how long things took, how well tests and handoffs did. "
        "A picture of it comes in private.",
    ),
    Form(
        verb="shift",
        usage="shift",
        does="Shows who is on duty here, until when, and who comes in the next week.",
    ),
    Form(
        verb="shift set",
        usage="shift @user @user daily at 09:00 [Europe/Berlin] [weekdays] [from 2026-11-24] [everywhere]",
        does="Lets people, or those of one user group, be on duty in turn; also `weekly Mon 09:00` or "
        "`every 12h at 08:00`.",
    ),
    Form(
        verb="shift hours",
        usage="shift @user [for @user] tomorrow 09:00-17:00",
        does="Lets somebody be on duty for single hours; also `until 18:00`, `for 2h` or "
        "`from Mon 9:00 to Tue 9:00`.",
    ),
    Form(
        verb="shift swap",
        usage="shift swap @user @user [Mon]",
        does="Lets two people exchange their next shifts.",
    ),
    Form(
        verb="shift calendar",
        usage="shift calendar [https://…] [everywhere]",
        does="Reads from an iCalendar feed who is on duty, again every 15 minutes. Without an address a form "
        "asks for it, or for a file.",
    ),
    Form(verb="shift off", usage="shift off [everywhere]", does="Forgets who is on duty."),
    Form(verb="help", usage="help", does="Shows this."),
)
USAGE = {form.verb: f"`/incident {form.usage}`" for form in FORMS}
OTHER_WORDS = {
    "new": "open",
    "start": "open",
    "create": "open",
    "declare": "open",
    "ls": "list",
    "view": "show",
    "status": "show",
    "find": "search",
    "grep": "search",
    "similar": "search",
    "severity": "sev",
    "owner": "lead",
    "handover": "handoff",
    "hand-over": "handoff",
    "hand-off": "handoff",
    "transfer": "handoff",
    "second": "second-opinion",
    "second_opinion": "second-opinion",
    "opinion": "second-opinion",
    "opinions": "second-opinion",
    "prompt": "prompts",
    "reminders": "prompts",
    "close": "resolve",
    "resolved": "resolve",
    "digests": "digest",
    "shifts": "shift",
    "oncall": "shift",
    "on-call": "shift",
    "rota": "shift",
    "roster": "shift",
    "round": "digest",
    "method": "guide",
    "manual": "guide",
    "handbook": "guide",
    "checks": "checklist",
    "check": "checklist",
    "report": "export",
    "stat": "stats",
    "statistics": "stats",
    "metrics": "stats",
    "figures": "stats",
    "download": "export",
    "?": "help",
}
