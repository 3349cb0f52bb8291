"""Scripted failures of the Web API: which of the next calls go wrong, and how."""

from dataclasses import dataclass, field

from bot.sandbox.config import ControlError, Json

KINDS = ("rate_limited", "server_error", "reset_before", "reset_after", "timeout_after", "latency", "error")


@dataclass
class Fault:
    """One rule; `times` of -1 never wears off, `after` lets that many calls pass first."""

    method: str
    kind: str
    times: int = 1
    retry_after: int = 1
    error: str = "internal_error"
    seconds: float = 0.0
    after: int = 0

    def takes(self, method: str) -> bool:
        """Whether this call is hit; counts down."""
        if self.method not in (method, "*") or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times > 0:
            self.times -= 1
        return True


@dataclass
class Faults:
    """All rules in force, the first that takes a call wins."""

    rules: list[Fault] = field(default_factory=list)

    def add(self, rule: Json) -> None:
        """Adds a rule as the control API spells it."""
        if rule["kind"] not in KINDS:
            raise ControlError(f"kind is one of {', '.join(KINDS)}")
        self.rules.append(Fault(**rule))

    def next_for(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        hit = next((rule for rule in self.rules if rule.takes(method)), None)
        self.rules = [rule for rule in self.rules if rule.times != 0]
        return hit
