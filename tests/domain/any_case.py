"""Random incidents that people have typed, with holes: what was left out is known from having left it out.

Everything goes through the words of replies, as in the product. The ledger of what was recorded and of what
is missing is kept here, by whoever leaves something out, and knows nothing of how a handoff is scored.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.chart import Entry, File, Kind
from bot.domain.diagnosis.differential import by_likelihood
from bot.domain.errors import RoundsError
from bot.domain.handoff.case import Case
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.work.fold import fold
from bot.domain.work.steps import Expected, Step, Waived
from bot.domain.work.workup import Workup
from tests.domain.table import NOON, Table, at, said

PEOPLE = tuple(UserId(f"U0{name}") for name in ("ANA", "BEN", "CHO", "DEV"))
NAMES = dict(zip(PEOPLE, ("Ana", "Ben | the *second*", "Cho\n# Kim", "Dev `x`"), strict=True))
# What somebody types who thinks of nothing bad, or of Markdown; and what ends a line or a part of a reply.
HOSTILE = (
    *("a | b", "`rm -rf /`", "# big", "### Tests", "| --- | --- |", "<br>", "back\\slash", "\\|", "&copy"),
    *("*bold* _it_ ~~x~~", "[x](http://y)", "<!here>", "–", "日本語のログ", "😀😀", "$x$", "None.", "ends\\"),
)
WORSE = (
    "-- \u2028 --",
    "a\u0085b",
    "&amp; &#124;",
    "\n### Tests\n| a | b |",
    "\x00",
    "--\r\n--",
    "\t \t",
    "\ufeff",
)
SUBJECTS = ("collator", "learning rate", "bad shard", "stale cache", "driver", "quota", "tokenizer", "clock")
BAD = ("loss=nan", "throughput=0.4x", "p99=3x", "drift=0.3", "throughput=0.6x", "schema=mismatch", "burn=20")
GOOD = ("throughput=0.95x", "p99=0.5x", "drift=0.01", "schema=ok", "burn=0.2", "params=finite")
Lack = tuple[str, str]


def shown(text: str) -> str:
    """A text as it is printed: in one line, and with names beside the ids of people."""
    for who, name in NAMES.items():
        text = text.replace(f"@{who}", f"{name} (@{who})")
    return " ".join(text.split())


@dataclass
class Made:
    """An incident with what was *told* of it (words that its handoff has to hold) and what *lacks* in it.

    *bad* are the abnormal readings since the last handoff, by name and value.
    """

    case: Case
    now: datetime
    told: list[str] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)
    lacks: set[Lack] = field(default_factory=set)


@dataclass
class Fast(Table):
    """A table at which nothing is edited, so that it is folded only where something was added."""

    folded: tuple[int, Workup] = (0, Workup())

    @property
    def workup(self) -> Workup:
        if self.folded[0] != len(self.recorded):
            self.folded = (len(self.recorded), fold(self.recorded))
        return self.folded[1]


class Maker:
    """Makes one incident; each field is left out with the probability *holes*."""

    def __init__(self, seed: int, holes: float) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - repeatable incidents are the point.
        self.holes = holes
        self.table = Fast()
        self.entries: list[Entry] = []
        self.minute = 0.0
        self.handed_at: datetime | None = None
        self.told: list[str] = []
        self.bad: list[tuple[str, str]] = []
        self.lacks: set[Lack] = set()
        self.read_at: datetime | None = None
        self.takings = 0
        self.covered: set[str] = set()
        self.vague: list[tuple[str, datetime]] = []
        self.owed: set[str] = set()

    def hole(self) -> bool:
        """Whether to leave something out."""
        return self.draw.random() < self.holes

    def words(self, hostile: Sequence[str] = HOSTILE) -> str:
        """What somebody types, here and there with something hostile in it."""
        subject = f"{self.draw.choice(SUBJECTS)} {self.draw.randint(100, 999)}"
        return f"{subject} {self.draw.choice(hostile)} ends" if self.draw.random() < 0.5 else subject

    def says(self, kind: Kind, text: str, *, due: datetime | None = None, by: UserId | None = None) -> bool:
        """Somebody replies; False where it is refused, and so not recorded."""
        self.minute += self.draw.choice((0.5, 1, 3))
        who = by or self.draw.choice(PEOPLE)
        saying = replace(said(text, kind, minute=self.minute), by=who, due=due, done=True, sure=True)
        try:
            self.table.hears(saying)
        except RoundsError:
            return False
        entry = Entry(
            incident=IncidentNumber(7),
            seq=self.table.given,
            kind=kind,
            text=text,
            author=who,
            at=saying.at,
            logged_by=who,
            files=(File(name=f"{self.words()}.log", permalink="http://x"),)
            if self.draw.random() < 0.1
            else (),
        )
        self.entries.append(entry)
        return True

    def taps(self, step: Step) -> None:
        """Somebody uses a button or a modal."""
        self.minute += 0.5
        self.table.taps(step, minute=self.minute)

    def keeps(self, *told: str) -> None:
        """What the handoff has to hold, as it is printed: in one line."""
        self.told += [shown(each) for each in told]

    def make(self, severity: int) -> Made:
        """One incident, at some moment of its life."""
        steps = [self.beginning, self.signs, self.differential, self.tests, self.treatment, self.talk]
        self.draw.shuffle(steps)
        breaks = self.draw.randint(0, len(steps)) if self.draw.random() < 0.5 else None
        for place, step in enumerate(steps):
            if place == breaks:
                self.handed_at = at(self.minute + 0.1)
                self.bad.clear()
                self.takings = 0
            step()
        self.contingencies()
        self.actions()
        looked_at = self.attests()
        now = at(self.minute + self.draw.choice((1, 10, 200)))
        prompts = self.prompts(now)
        self.finish(severity, now, looked_at, few=any(each.declined_at for each in prompts))
        return Made(self.case(severity, prompts), now, self.told, self.bad, self.lacks)

    def beginning(self) -> None:
        """Since when, and whom it hurts."""
        if self.hole() or not self.says(Kind.ONSET, f"{self.draw.randint(5, 90)}m ago"):
            self.lacks.add(("P2", "onset"))
        impact = f"teams of {self.words()}"
        if self.hole() or not self.says(Kind.IMPACT, impact):
            self.lacks.add(("P2", "impact"))
        else:
            self.keeps(impact)

    def signs(self) -> None:
        """Some takings of the vital signs."""
        for _ in range(0 if self.hole() else self.draw.randint(1, 4)):
            good = self.draw.sample(GOOD, self.draw.randint(1, 3))
            bad = self.draw.sample(BAD, self.draw.randint(0, 2))
            names = {each.split("=")[0] for each in bad}
            readings = [*bad, *(each for each in good if each.split("=")[0] not in names)]
            if len(names) == len(bad) and self.says(Kind.VITAL, " ".join(readings)):
                self.takings += 1
                self.read_at = at(self.minute)
                self.bad += [(each.split("=")[0], each.split("=")[1].rstrip("x")) for each in bad]

    def differential(self) -> None:
        """Hypotheses, some without an impact; some waived, some argued about."""
        for _ in range(self.draw.choice((0, 1, 2, 3, 4, 5, 6))):
            statement = f"the {self.words()} is it"
            impact = "" if self.hole() else f" impact {self.draw.randint(1, 5)}"
            if self.says(Kind.HYPOTHESIS, f"{statement} {self.draw.randint(2, 30)}%{impact}"):
                self.keeps(statement)
        for each in self.table.workup.differential.hypotheses:
            words = self.words()
            chance = self.draw.random()
            if chance < 0.3 and self.says(Kind.HYPOTHESIS, f"{each.letter} for: {words}"):
                self.keeps(words)
            elif chance < 0.4 and each.must_not_miss:
                self.taps(Waived(letter=each.letter, reason="no time"))
            elif chance < 0.5:
                self.says(Kind.HYPOTHESIS, f"{each.letter} ruled out")

    def tests(self) -> None:
        """Tests, some without expectations, some without a time; results of some."""
        for _ in range(self.draw.randint(0, 4)):
            question = f"does {self.words()}"
            due = None if self.hole() else at(self.minute + 30)
            if not self.says(Kind.TEST, question, due=due):
                continue
            self.keeps(question)
            test = self.table.workup.tests[-1]
            letters = [each.letter for each in self.table.workup.differential.hypotheses]
            vague = self.hole()
            if letters and not vague:
                self.taps(
                    Expected(test=test.number, likelihoods={each: self.draw.random() for each in letters})
                )
            if self.draw.random() < 0.6:
                self.result(test.name, vague=vague)
            elif due is None:
                self.lacks.add(("A4", f"result:{test.name}"))

    def result(self, name: str, *, vague: bool) -> None:
        """A test is finished."""
        verdict, words = self.draw.choice(("positive", "negative", "inconclusive")), self.words()
        live = self.table.workup.differential.live
        if not self.says(Kind.RESULT, f"{name} {verdict} {words}"):
            return
        self.keeps(words)
        if vague and live and verdict != "inconclusive":
            self.vague.append((f"expects:{name}", at(self.minute)))

    def treatment(self) -> None:
        """Interventions, some without a way back, some without an outcome; and a plan."""
        for _ in range(self.draw.randint(0, 2)):
            text, way_back = f"restarted {self.words()}", f"stop {self.words()}"
            revert = "" if self.hole() else f"; revert: {way_back}"
            if not self.says(Kind.INTERVENTION, f"{text}; expect calm within 20m{revert}"):
                continue
            self.keeps(text, *([way_back] if revert else []))
            name = self.table.workup.interventions[-1].name
            if not self.hole():
                words = self.words()
                outcome = self.draw.choice(("worked", "failed", "unclear"))
                if self.says(Kind.OUTCOME, f"{name} {outcome}: {words}"):
                    self.keeps(words)
                if outcome == "failed" and self.draw.random() < 0.6:
                    self.says(Kind.OUTCOME, f"{name} reverted")
        plan = f"pin {self.words()}"
        if self.draw.random() < 0.5 and self.says(Kind.PLAN, plan):
            self.keeps(plan)

    def talk(self) -> None:
        """Notes, findings and a log, which stand in the timeline alone; some are taken back."""
        for kind in self.draw.choices((Kind.NOTE, Kind.RESULT, Kind.LOG), k=self.draw.randint(0, 3)):
            text = f"saw {self.words()}\n{self.words(WORSE)}"
            if self.says(kind, text) and self.draw.random() < 0.2:
                self.entries[-1] = replace(self.entries[-1], withdrawn_at=at(self.minute))

    def contingencies(self) -> None:
        """What to do if, for some of the letters; one is revoked."""
        for each in self.table.workup.differential.live:
            if self.hole():
                continue
            when, then = f"loss of {self.words()} rises", f"stop {self.words()}"
            if self.says(
                Kind.CONTINGENCY, f'"{when}" then "{then}" @{self.draw.choice(PEOPLE)} for {each.letter}'
            ):
                made = self.table.workup.contingencies[-1]
                self.keeps(made.when, made.then)
                self.covered.add(each.letter)
        made_so_far = self.table.workup.contingencies
        if made_so_far and self.draw.random() < 0.3:
            first = made_so_far[0]
            if self.says(Kind.CONTINGENCY, f"{first.name} off it is over"):
                left = self.table.workup.holding
                self.covered = {letter for each in left for letter in each.about}

    def actions(self) -> None:
        """What is to be done; some of it without a time, some of it is done."""
        for _ in range(0 if self.hole() else self.draw.randint(1, 4)):
            text = f"rerun {self.words()} now"
            due = None if self.hole() else at(self.minute + 600)
            if not self.says(Kind.ACTION, f'@{self.draw.choice(PEOPLE)} "{text}"', due=due):
                continue
            self.keeps(text)
            name = self.table.workup.actions[-1].name
            if self.draw.random() < 0.3 and self.says(Kind.DONE, f"{name} it is fine"):
                self.keeps("it is fine")
            elif due is None:
                self.lacks.add(("A3", f"todo:{name}"))

    def prompts(self, now: datetime) -> list[Prompt]:
        """What was asked; sometimes somebody has declined to name more hypotheses."""
        declined = self.draw.random() < 0.2
        return [
            Prompt(kind=PromptKind.REEVALUATION, due_at=NOON, asks=1, asked_at=NOON),
            Prompt(
                kind=PromptKind.OTHER,
                due_at=NOON,
                asks=1,
                declined_at=now if declined else None,
                declined_by=PEOPLE[0] if declined else None,
            ),
        ]

    def attests(self) -> datetime | None:
        """Somebody says that there is nothing to do or to measure; when the latter, if they did."""
        if not self.table.workup.open_actions and (self.hole() or not self.says(Kind.ACTION, "none")):
            self.lacks |= {("A1", "todo"), ("A2", "attest:actions"), ("A3", "attest:actions")}
        return at(self.minute) if self.hole() and self.says(Kind.VITAL, "none") else None

    def finish(self, severity: int, now: datetime, looked_at: datetime | None, *, few: bool) -> None:
        """What is missing as it stands now, by what was left out and when."""
        live = self.table.workup.differential.live
        if not live:
            self.lacks |= {("P4", "hypothesis"), ("S2", "hypothesis")}
        elif len(live) < 3 and not few:
            self.lacks.add(("P4", "hypothesis"))
        self.lacks |= {("P4", f"hypothesis:{each.letter}") for each in live if each.impact is None}
        leading = by_likelihood(self.table.workup.differential)[:1]
        wanted = {each.letter for each in live if each in leading or (each.impact or 0) >= 4}
        self.lacks |= {("S2", f"if:{letter}") for letter in wanted - self.covered}
        self.lacks |= {("P5", mend) for mend, when in self.vague if self.since(when)}
        self.finish_signs(severity, now, looked_at)
        self.finish_treatment(now)
        if not any(self.since(each.at) and each.withdrawn_at is None for each in self.entries):
            self.lacks.add(("P3", "attest:events"))

    def since(self, when: datetime) -> bool:
        """Whether something belongs to this watch."""
        return self.handed_at is None or when > self.handed_at

    def finish_signs(self, severity: int, now: datetime, looked_at: datetime | None) -> None:
        """Signs that nobody has read, or not for long."""
        minutes = {1: 15, 2: 30, 3: 60, 4: 120, 5: 1440}[severity]
        if self.read_at is None:
            self.lacks.add(("I1", "stability" if looked_at else "vital"))
        looks = [each for each in (self.read_at, looked_at) if each]
        if not looks or now - max(looks) > timedelta(minutes=minutes):
            self.lacks.add(("I3", "vital"))
        still_bad = any((each.score or 0) >= 2 for each in self.table.workup.vitals.latest)
        if not looked_at and not self.takings and not still_bad:
            self.lacks |= {("S1", "vital"), ("S1", "attest:vitals")}

    def finish_treatment(self, now: datetime) -> None:
        """Windows that are over, and what nobody knows how to take back."""
        for each in self.table.workup.interventions:
            if each.outcome is None and each.due <= now:
                self.lacks.add(("P6", "log:outcome"))
            unclear = each.outcome is not None and each.outcome.value == "unclear" and not each.reverted_at
            if (each.outcome is None or unclear or each.owes_revert) and each.revert is None:
                self.lacks.add(("S3", f"revert:{each.name}"))

    def case(self, severity: int, prompts: Sequence[Prompt]) -> Case:
        """All that is recorded."""
        title = f"{self.words()} {self.words(WORSE)} is broken"
        self.keeps(title)
        live = [each for each in self.entries if self.since(each.at) and each.withdrawn_at is None]
        self.keeps(*(each.text for each in live))
        incident = Incident(
            team=TeamId("T0"),
            number=IncidentNumber(7),
            title=title,
            seen=f"{title}\nsince noon",
            severity=Severity(severity),
            triaged_at=None,
            lead=PEOPLE[0],
            private=False,
            channel=ChannelId("C0"),
            thread_ts=MessageTs("1.000000"),
            opened_by=PEOPLE[0],
            opened_at=NOON,
            active_at=NOON,
        )
        return Case(
            incident=incident,
            first_severity=Severity.SEV3,
            severities=((at(1), Severity.SEV3), (at(2), Severity(severity))),
            workup=self.table.workup,
            entries=tuple(self.entries),
            handed_at=self.handed_at,
            prompts=prompts,
            names=NAMES,
        )


def made(seed: int, holes: float | None = None) -> Made:
    """The incident of that number; without *holes* it has any share of them up to a half."""
    draw = random.Random(~seed)  # noqa: S311 - repeatable incidents are the point.
    share = draw.uniform(0, 0.5) if holes is None else holes
    return Maker(seed, share).make(draw.randint(1, 5))
