"""The versions of the rules' numbers: which is in use, the draft of the next, its publication.

Version 1 is shipped; those that a practice published lie above it. A published version never
changes, and neither does a screening that was made with it.
"""

from collections.abc import Mapping
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from chiro.practice import audit
from chiro.practice.models import User
from screening import rulesets
from screening.models import RuleSetDraft, RuleSetVersion
from screening.rulesets import RuleSet, RuleSetError, editing
from screening.services import rule_proof

SHIPPED = int(rulesets.CURRENT)


class StaleError(Exception):
    """Somebody else changed or published the draft since the page was opened."""


class UnreadyError(Exception):
    """The draft cannot be published; the message says what is missing."""


# --- reading ----------------------------------------------------------------------------------


def ruleset(version: str) -> RuleSet:
    """The rules of that version, shipped or published. Raises RuleSetError when there is none."""
    if version.isdigit() and int(version) > SHIPPED:
        return _published(int(version))
    return rulesets.load(version)


@lru_cache(maxsize=32)
def _published(number: int) -> RuleSet:
    """A published version; it never changes, so it is read once by each process."""
    row = RuleSetVersion.objects.filter(number=number).first()
    if row is None:
        raise RuleSetError(f"There is no ruleset {number}.")
    return rulesets.parse(row.content)


def current_number() -> int:
    """The number of the version that new screenings are made with."""
    newest = RuleSetVersion.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or SHIPPED


def current() -> RuleSet:
    """The version that new screenings are made with."""
    return ruleset(str(current_number()))


def draft() -> RuleSetDraft | None:
    """The draft of the next version, if somebody works on one."""
    return RuleSetDraft.objects.select_related("changed_by").first()


def drafted(row: RuleSetDraft) -> RuleSet:
    """The draft as a whole ruleset, under the number that it will get."""
    base = ruleset(str(row.based_on))
    return editing.changed(base, row.changes, version=str(current_number() + 1))


# --- writing ----------------------------------------------------------------------------------


@transaction.atomic
def save_draft(*, by: User, numbers: Mapping[str, int], reason: str, seen: int) -> RuleSetDraft:
    """Keep what differs from the version in use; `seen` is the draft's version on the page.

    `seen` is 0 for a first draft. Raises RuleSetError for numbers that do not hold and StaleError
    when the page was opened before somebody else's change.
    """
    base = current()
    before = editing.values(base)
    changes = {name: value for name, value in numbers.items() if value != before.get(name)}
    editing.changed(base, changes, version="draft")
    row = RuleSetDraft.objects.select_for_update().filter(pk=1).first()
    if (row.version if row else 0) != seen or (row and row.based_on != int(base.version)):
        raise StaleError
    row = row or RuleSetDraft(pk=1, version=0)
    row.based_on, row.changes, row.reason = int(base.version), changes, reason.strip()
    row.changed_by, row.version = by, row.version + 1
    row.save()
    audit.record("rules draft changed", actor=by, obj=row)
    return row


@transaction.atomic
def discard_draft(*, by: User) -> None:
    """Throw the draft away."""
    row = RuleSetDraft.objects.filter(pk=1).first()
    if row is not None:
        audit.record("rules draft discarded", actor=by, obj=row)
        row.delete()


@transaction.atomic
def publish(*, by: User, seen: int) -> RuleSetVersion:
    """Make the draft the version that new screenings are made with; stored ones keep theirs.

    Raises UnreadyError when nothing differs or the reason is missing, StaleError when the draft is
    not the one that was seen.
    """
    row = RuleSetDraft.objects.select_for_update().filter(pk=1).first()
    if row is None or row.version != seen or row.based_on != current_number():
        raise StaleError
    if not row.changes:
        raise UnreadyError("No number differs from the version in use. Change one first.")
    if not row.reason:
        raise UnreadyError("Say why in a sentence. It is kept with the version.")
    base, rules = ruleset(str(row.based_on)), drafted(row)
    before = editing.values(base)
    published = RuleSetVersion.objects.create(
        number=int(rules.version),
        content=editing.to_json(rules),
        based_on=row.based_on,
        changes={name: [before[name], value] for name, value in row.changes.items()},
        proof={**rule_proof.of(base, rules).to_json(), "on": timezone.now().isoformat()},
        reason=row.reason,
        published_by=by,
    )
    row.delete()
    audit.record("rules published", actor=by, obj=published)
    return published
