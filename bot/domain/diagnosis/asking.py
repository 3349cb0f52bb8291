"""How tests and results are typed.

`test: run it on 8 rows (5m) @ana for A,B`, and then `result: T1 positive KeyError`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.diagnosis.testing import Verdict
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.terms import ALONE, read_span, shortest, split_terms, written_span

EXAMPLE = "`test: run the collator on 8 rows (5m) @ana for A,B`"

_TERMS = {
    "takes": re.compile(r"[\s,;]\(((?:[0-9]+\s*(?:d|h|m|min|s)\s*)+|\?)\)$", re.IGNORECASE),
    "owner": re.compile(r"[\s,;]@([UW][A-Z0-9]{2,}|\?)$"),
    "for": re.compile(r"[\s,;]for\s+([A-Z]{1,2}(?:\s*(?:,|and|&|\s)\s*[A-Z]{1,2})*|\?)$"),
    "assumes": re.compile(r"[\s,;]assumes\s+([\w\-]+|\?)$", re.IGNORECASE),
}
# A question that is nothing but a length of time, or no word at all, asks nothing.
_NO_QUESTION = re.compile(r"\(?\s*(?:[0-9]+\s*(?:d|h|m|min|s)\s*)+\)?|\W*", re.IGNORECASE)
_VERDICTS = {
    "positive": Verdict.POSITIVE,
    "negative": Verdict.NEGATIVE,
    "inconclusive": Verdict.INCONCLUSIVE,
    "unclear": Verdict.INCONCLUSIVE,
    "?": None,
}
# These also begin sentences ("no GPUs free"), so they count only where they stand alone.
_IN_SHORT = {
    "pos": Verdict.POSITIVE,
    "yes": Verdict.POSITIVE,
    "neg": Verdict.NEGATIVE,
    "no": Verdict.NEGATIVE,
}
_FINDING = re.compile(
    rf"(?:T\s?(?P<test>[0-9]{{1,9}}|\?)(?:\s*[:,]\s*|\s+|$))?"
    rf"(?:(?P<verdict>{'|'.join(re.escape(word) for word in _VERDICTS)})(?:\s*[:;,.]\s*|\s+|$)"
    rf"|(?P<short>{'|'.join(_IN_SHORT)}){ALONE})?"
    r"(?P<words>.*)",
    re.IGNORECASE | re.ASCII,  # Or a Turkish dotless i would make a verdict that is none.
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A new test as it was typed; what is None was left out."""

    question: str
    takes: timedelta | None = None
    owner: UserId | None = None
    bears_on: tuple[str, ...] = ()
    assumption: str | None = None

    @property
    def minutes(self) -> float | None:
        """What it takes, in minutes."""
        return self.takes / timedelta(minutes=1) if self.takes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A result as it was typed: without a test a finding, without a verdict something to ask about."""

    words: str
    test: int | None = None
    verdict: Verdict | None = None


def read_test(text: str, known: Collection[str] | None = None) -> Asked:
    """The test that a reply asks for; "for A,B" counts where all its letters are *known*.

    Raises:
        NotUnderstood: It asks nothing.
    """
    terms = _TERMS if known is None else _TERMS | {"for": _for(known)}
    question, found = split_terms(text, terms)
    if _NO_QUESTION.fullmatch(question):
        raise NotUnderstood("A test needs its question.", EXAMPLE)
    owner, assumption = (None if found.get(name) == "?" else found.get(name) for name in ("owner", "assumes"))
    return Asked(
        question=question,
        takes=read_span(found.get("takes", "")),
        owner=UserId(owner) if owner else None,
        bears_on=tuple(dict.fromkeys(re.findall(r"[A-Z]+", found.get("for", "")))),
        assumption=assumption,
    )


def _for(known: Collection[str]) -> re.Pattern[str]:
    letters = "|".join(sorted(known, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"[\s,;]for\s+((?:{letters})(?:\s*(?:,|and|&|\s)\s*(?:{letters}))*|\?)$")


def written_test(asked: Asked) -> str:
    """The reply that `read_test` takes back to the very same value."""
    takes = f"({written_span(asked.takes)})" if asked.takes else None
    owner = f"@{asked.owner}" if asked.owner else None
    bears_on = f"for {','.join(asked.bears_on)}" if asked.bears_on else None
    assumes = f"assumes {asked.assumption}" if asked.assumption else None
    given = [part for part in (takes, owner, bears_on, assumes) if part]
    everything = [takes or "(?)", owner or "@?", bears_on or "for ?", assumes or "assumes ?"]
    forms = (" ".join([asked.question, *given]), " ".join([asked.question, *everything]))
    return shortest(asked, forms, read_test)


def read_result(text: str) -> Found:
    """What a reply says was found."""
    found = _FINDING.fullmatch(" ".join(text.split()))
    if not found:
        return Found(words=" ".join(text.split()))
    number, word = found["test"], (found["verdict"] or found["short"] or "?").casefold()
    return Found(
        words=found["words"],
        test=int(number) if number and number != "?" else None,
        verdict=(_VERDICTS | _IN_SHORT)[word],
    )


def written_result(found: Found) -> str:
    """The reply that `read_result` takes back to the very same value."""
    test = f"T{found.test}" if found.test is not None else None
    verdict = found.verdict.value if found.verdict else None
    short = " ".join(part for part in (test, verdict, found.words) if part)
    return shortest(found, (short, f"{test or 'T?'} {verdict or '?'} {found.words}".strip()), read_result)
