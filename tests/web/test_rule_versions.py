"""The owner drafts, proves and publishes a version of the rules; old results stay as they are."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse

from chiro.practice.models import AuditEvent, Role, User
from exercises.services import planning
from screening.models import RuleSetDraft, RuleSetVersion, Screening
from screening.rulesets import editing
from screening.services import rule_proof, rule_versions
from screening.services.rule_versions import StaleError, UnreadyError
from tests.conftest import FormClient
from tests.web.reviewing import sent

pytestmark = pytest.mark.django_db
type ClientAs = Callable[[str], FormClient]
PAINED = {"places": ["low_back:right"], "pain_worst": 3, "hard_one_leg": "right"}
SLEEPER = {"side_sleep_nights": "5_7", "top_knee_drops": "yes", "side_lain_on": "left"}
SLEEPER |= {"knee_pillow": "never"}


@pytest.fixture(autouse=True)
def forget_versions() -> Iterator[None]:
    rule_versions._published.cache_clear()
    yield
    rule_versions._published.cache_clear()


@pytest.fixture
def owner(staff: Callable[..., User]) -> User:
    return staff(Role.OWNER)


def draft(owner: User, reason: str = "Sleep counts too much here", **changes: int) -> RuleSetDraft:
    numbers = editing.values(rule_versions.current()) | {
        name.replace("__", "."): value for name, value in changes.items()
    }
    found = rule_versions.draft()
    return rule_versions.save_draft(
        by=owner, numbers=numbers, reason=reason, seen=found.version if found else 0
    )


def fields(client: FormClient, **changes: str) -> dict[str, str]:
    """The draft's form as a browser would post it."""
    context = client.get(reverse("admin:screening_rulesetversion_draft")).context
    numbers = {cell.field: cell.typed for table in context["tables"] for cell in table.cells}
    return {"version": str(getattr(context["draft"], "version", 0)), **numbers, **changes}


def test_a_published_version_makes_new_screenings_and_leaves_old_ones(owner: User) -> None:
    old = sent(**SLEEPER, **PAINED)
    before = (old.assessment, old.reasons, old.result, old.right_level, old.ruleset_version)
    published = rule_versions.publish(by=owner, seen=draft(owner, points__A1__5_7=0).version)
    new = sent(name="Ana Ruiz", **SLEEPER, **PAINED)
    assert (published.number, new.ruleset_version) == (2, "2")
    assert new.assessment["right"]["total"] == old.assessment["right"]["total"] - 2
    kept = Screening.objects.get(pk=old.pk)
    assert before == (
        kept.assessment, kept.reasons, kept.result, kept.right_level, kept.ruleset_version,
    )  # fmt: skip
    assert planning.draft_plan(new) is not None


def test_the_proof_counts_who_would_change_and_how(owner: User) -> None:
    sent(**SLEEPER, **PAINED)
    sent(name="Ana Ruiz")
    rules = rule_versions.drafted(draft(owner, limits__likely_from=16))
    proof = rule_proof.of(rule_versions.current(), rules)
    assert (proof.looked_at, proof.stored, proof.changed, proof.unreadable) == (2, 2, 2, 0)
    (move,) = proof.moves
    assert (move.side, move.before, move.after, move.count) == ("right", "likely", "possible", 2)
    assert 0 < proof.examples_changed < len(proof.examples)
    assert Screening.objects.filter(right_level="likely").count() == 2


def test_a_version_needs_a_change_and_a_reason(owner: User) -> None:
    with pytest.raises(UnreadyError, match="No number differs"):
        rule_versions.publish(by=owner, seen=draft(owner).version)
    with pytest.raises(UnreadyError, match="Say why"):
        rule_versions.publish(by=owner, seen=draft(owner, reason=" ", caps__A=3).version)
    assert rule_versions.current_number() == 1


def test_the_second_of_two_tabs_overwrites_nothing(owner: User) -> None:
    first = draft(owner, caps__A=3)
    with pytest.raises(StaleError):
        rule_versions.save_draft(by=owner, numbers={"caps.A": 2}, reason="", seen=first.version - 1)
    with pytest.raises(StaleError):
        rule_versions.publish(by=owner, seen=first.version + 1)
    assert RuleSetDraft.objects.get().changes == {"caps.A": 3}


def test_a_published_version_never_changes(owner: User) -> None:
    row = rule_versions.publish(by=owner, seen=draft(owner, caps__A=3).version)
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    assert row.changes == {"caps.A": [4, 3]}
    assert set(AuditEvent.objects.values_list("event", flat=True)) >= {
        "rules draft changed",
        "rules published",
    }


def test_the_owner_sees_the_effect_then_publishes(client_as: ClientAs) -> None:
    client, address = client_as(Role.OWNER), reverse("admin:screening_rulesetversion_draft")
    sent(**SLEEPER, **PAINED)
    change = {"n.points.A1.5_7": "0", "n.limits.likely_from": "16", "reason": "Too many likely"}
    answer = client.post(address, fields(client, save="", **change))
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "1 of 1 stored screenings" in page
    assert "Publish as version 2" in page
    answer = client.post(address, fields(client, publish="", reason="Too many likely"))
    assert answer.status_code == 303
    assert "Too many likely" in client.get(answer["Location"]).content.decode()
    version = RuleSetVersion.objects.get()
    page = client.get(
        reverse("admin:screening_rulesetversion_change", args=[version.pk])
    ).content.decode()
    assert "was 2" in page


def test_a_wrong_number_is_said_and_nothing_is_lost(client_as: ClientAs) -> None:
    client, address = client_as(Role.OWNER), reverse("admin:screening_rulesetversion_draft")
    wrong = {"n.limits.likely_signs_from": "1", "n.caps.A": "3", "reason": "Try"}
    answer = client.post(address, fields(client, save="", **wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Likely needs signs (C) of at least: write a number from 2 to 6." in page
    assert 'value="Try"' in page
    assert not RuleSetDraft.objects.exists()


def test_a_late_tab_gets_both_versions(client_as: ClientAs, owner: User) -> None:
    client, address = client_as(Role.OWNER), reverse("admin:screening_rulesetversion_draft")
    opened = fields(client, save="", **{"n.caps.A": "2"})
    draft(owner, caps__A=3)
    answer = client.post(address, opened)
    assert answer.status_code == 409
    cells = [cell for table in answer.context["tables"] for cell in table.cells]
    (cap,) = [cell for cell in cells if cell.field == "n.caps.A"]
    assert (cap.value, cap.typed) == (3, "2")


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [(Role.FRONT_DESK, 403, 403), (Role.CHIROPRACTOR, 200, 403), (Role.OWNER, 200, 200)],
)
def test_who_reads_and_who_edits(client_as: ClientAs, role: str, reads: int, edits: int) -> None:
    client = client_as(role)
    for name, expected in (("changelist", reads), ("shipped", reads), ("draft", edits)):
        address = reverse(f"admin:screening_rulesetversion_{name}")
        assert client.get(address).status_code == expected
