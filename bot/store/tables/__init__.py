"""The tables. ``team_id`` leads every key, so that a workspace is one partition or one shard."""

from bot.store.tables.base import Moment, metadata
from bot.store.tables.checklist import checklist_ticks, checklists
from bot.store.tables.clock import digest_orders, digests, paces, prompts, quiet_hours, reviews
from bot.store.tables.handoff import handoff_versions, handoffs
from bot.store.tables.owed import cards, outbox, receipts, uploads
from bot.store.tables.search import search_documents, search_frequencies, search_similar
from bot.store.tables.shifts import rosters, shift_overrides, shift_spans
from bot.store.tables.ward import (
    channels,
    entries,
    entry_revisions,
    incidents,
    members,
    messages,
    people,
    reactions,
    severity_changes,
    threads,
    workspaces,
)
from bot.store.tables.workup import interventions, opinions, steps, triage_answers

__all__ = [
    "Moment",
    "cards",
    "channels",
    "checklist_ticks",
    "checklists",
    "digest_orders",
    "digests",
    "entries",
    "entry_revisions",
    "handoff_versions",
    "handoffs",
    "incidents",
    "interventions",
    "members",
    "messages",
    "metadata",
    "opinions",
    "outbox",
    "paces",
    "people",
    "prompts",
    "quiet_hours",
    "reactions",
    "receipts",
    "reviews",
    "rosters",
    "search_documents",
    "search_frequencies",
    "search_similar",
    "severity_changes",
    "shift_overrides",
    "shift_spans",
    "steps",
    "threads",
    "triage_answers",
    "uploads",
    "workspaces",
]
