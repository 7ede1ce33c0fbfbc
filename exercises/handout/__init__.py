"""Everything a plan says to its patient, as one JSON-able value, frozen at approval.

`compose` reads the plan's rows; `write` is pure and makes the words, so that `print_plan` needs no
database. Only what a patient may read goes in: no examination, no decision, no prompt, no note that
the clinician wrote for colleagues. Read by the approval of a plan, the plan page, `pdf` and
`print_plan`.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, override

from chiro.languages import ENGLISH, by_code
from chiro.practice.models import Practice, User
from chiro.practice.translation import Words, translated
from exercises import library, planner, shelf
from exercises.handout import cards as blocks
from exercises.handout import following, safety, schedule, showed
from exercises.handout.showed import Told
from exercises.models import Plan, PlanItem
from exercises.planner import PlanCard, PlanDraft
from exercises.wording import cards_in_language
from screening import answers as contract
from screening import assessment as rules
from screening.anatomy import Level
from screening.models import Screening
from screening.services import review as reviews
from screening.services import rule_versions

FORMAT = 1
HABIT_SLOT = "HABIT"
GOAL_LENGTH = 120
SHOWN_REASONS = 2
NO_NOTES: following.Notes = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """The practice as printed. The last two are the limits of the pain guide."""

    name: str = "Your practice"
    address: str = ""
    phone: str = ""
    emergency_number: str = "911"
    accent: str = "#1f5c52"
    green_up_to: int = 3
    yellow_up_to: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """Whose plan it is, which one, from whom and when. `notice` is printed above the title."""

    number: str
    version: int
    patient: str
    clinician: str
    on: date
    questionnaire: str
    ruleset: str
    replaces: int | None = None
    message: str = ""
    notice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What the answers showed. `examined` when the levels are the clinician's final ones."""

    left: Level
    right: Level
    pain_worst: int
    told: tuple[Told, ...] = ()
    goals: tuple[str, ...] = ()
    examined: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One exercise or habit of the plan, with the clinician's note for the patient."""

    slug: str
    because: str
    dose: PlanCard | None  # None for a habit
    note: str = ""


def compose(
    plan: Plan,
    *,
    clinician: User | str,
    practice: Practice,
    on: date,
    items: Sequence[PlanItem] | None = None,
    notice: str = "",
) -> dict[str, Any]:
    """Return everything a plan says, from its rows. Reads the plan, its items and its screening.

    `clinician` is who approves it (or the name to print), `on` the date to print. The words are in
    the language chosen for the plan, otherwise in that of the screening. `items` stand in for the
    stored rows, and `notice` above the title, for a preview.
    """
    rows = list(plan.items.all()) if items is None else items
    with override(plan.language or plan.screening.language):
        return _composed(plan, clinician, practice, on, rows, translated(notice))


def _composed(
    plan: Plan,
    clinician: User | str,
    practice: Practice,
    on: date,
    items: Sequence[PlanItem],
    notice: str,
) -> dict[str, Any]:
    screening = plan.screening
    open_notes = _open_notes(screening)
    heading = Heading(
        number=plan.number,
        version=plan.version,
        replaces=plan.replaces.version if plan.replaces else None,
        patient=screening.patient.full_name,
        clinician=clinician if isinstance(clinician, str) else clinician.display_name,
        on=on,
        questionnaire=screening.questionnaire_version,
        ruleset=plan.ruleset_version,
        message=plan.message,
        notice=notice,
    )
    return write(
        cards=shelf.in_language(),
        issuer=issuer_of(practice),
        heading=heading,
        findings=findings_of(screening),
        items=[_item(row) for row in items],
        minutes=float(plan.minutes),
        open_slugs=open_notes,
        open_notes=open_notes,
        advice=plan.advice,
    )


def write(
    *,
    issuer: Issuer,
    heading: Heading,
    findings: Findings,
    items: Sequence[Item],
    minutes: float,
    open_slugs: Collection[str],
    advice: Sequence[str],
    open_notes: following.Notes = NO_NOTES,
    cards: Mapping[str, library.Card] | None = None,
) -> dict[str, Any]:
    """Return everything a plan says. Pure: the same arguments give the same words.

    `minutes` is the time of one session, `open_slugs` the cards that this patient may do, `advice`
    what is advised without a card. With `open_notes`, the cautions of those cards, the page can
    show the easier card in full. `cards` are in the active language; the shipped ones when none
    are given.
    """
    cards = cards_in_language() if cards is None else cards
    dosed = [(item.dose, item.note) for item in items if item.dose]
    exercises = [
        blocks.exercise(
            number, dose, note, cards=cards, open_slugs=open_slugs, open_notes=open_notes
        )
        for number, (dose, note) in enumerate(dosed, 1)
    ]
    habits = [
        blocks.habit(
            item.slug,
            item.because,
            item.note,
            side=showed.side_of(_rule(cards[item.slug]), findings.told),
            cards=cards,
        )
        for item in items
        if not item.dose
    ]
    often = [dose.days_per_week for dose, _ in dosed]
    language = get_language() or ENGLISH
    return {
        "format": FORMAT,
        "language": language,
        "direction": by_code()[language].direction,
        **_heading(issuer, heading),
        **_findings_words(findings),
        "week": _week(often, minutes, habits),
        "safety": safety.box(
            green_up_to=issuer.green_up_to,
            yellow_up_to=issuer.yellow_up_to,
            emergency_number=issuer.emergency_number,
        ),
        "exercises": exercises,
        "habits": habits,
        "habits_title": str(HABIT_TITLE if len(habits) == 1 else HABITS_TITLE),
        "advice": [translated(words) for words in advice],
        **_follow_up(exercises, often, habits, heading.on),
        "wallet": safety.wallet_card(emergency_number=issuer.emergency_number, phone=issuer.phone),
        "disclaimer": safety.disclaimer(issuer.emergency_number),
        "versions": _versions(heading),
    }


def with_pictures(content: Mapping[str, Any], address: Callable[[str], str]) -> dict[str, Any]:
    """Return the content with the address of every drawing, as paper or page needs it.

    `address` turns the name of a static file into what an `img` may load.
    """

    def shown(card: Mapping[str, Any]) -> dict[str, Any]:
        pictures = [{**picture, "src": address(picture["file"])} for picture in card["pictures"]]
        return {**card, "pictures": pictures}

    return {
        **content,
        "exercises": [shown(card) for card in content["exercises"]],
        "habits": [shown(card) for card in content["habits"]],
    }


ONLY_THESE = gettext_lazy("Do only the exercises on this sheet.")
REVIEW = gettext_lazy("In 6 weeks we test you again.")
HABIT_TITLE = gettext_lazy("A habit to try for 2 weeks")
HABITS_TITLE = gettext_lazy("Habits to try for 2 weeks")
DIARY_KEY = gettext_lazy(
    "For us to talk about. E is too easy, O is OK, H is too hard, a dash rest."
)
REMINDERS = (
    (
        gettext_lazy("Sore buttock?"),
        gettext_lazy("Normal for a day or two. Joint or nerve pain is not."),
    ),
    (gettext_lazy("Missed a day?"), gettext_lazy("Carry on from today.")),
    (gettext_lazy("Bad day?"), gettext_lazy("Do the easier one.")),
)
BRING = gettext_lazy("Please bring this sheet.")


def _heading(issuer: Issuer, heading: Heading) -> dict[str, Any]:
    day = schedule.spoken(heading.on)
    numbers = {"number": heading.number, "version": heading.version}
    identity = gettext("Plan {number}, version {version}").format(**numbers)
    return {
        "document_title": gettext("Home exercise plan {number}, version {version}").format(
            **numbers
        ),
        "practice": {
            "name": issuer.name,
            "contact": ". ".join(part for part in (issuer.address, issuer.phone) if part),
            "phone": issuer.phone,
            "emergency_number": issuer.emergency_number,
            "accent": issuer.accent,
        },
        "patient": heading.patient,
        "clinician": heading.clinician,
        "number": heading.number,
        "version": heading.version,
        "date": heading.on.isoformat(),
        "identity": identity,
        "signed": f"{day}. {heading.clinician}" if heading.clinician else day,
        "short_foot": identity,
        "fridge_title": _fridge_title(heading.patient),
        "foot": ". ".join(
            part
            for part in (
                f"{identity}, {day}",
                gettext("Rules {version}").format(version=heading.ruleset),
                safety.unbroken(issuer.phone),
            )
            if part
        ),
        "replaces": _replaces(heading.replaces),
        "notice": heading.notice,
        "message": heading.message,
        "honest": " ".join(part for part in (str(showed.HONEST), _checked(heading)) if part),
    }


def _findings_words(findings: Findings) -> dict[str, Any]:
    goals = [
        goal if len(goal) <= GOAL_LENGTH else goal[:GOAL_LENGTH] + "…" for goal in findings.goals
    ]
    return {
        "title": showed.title(findings.left, findings.right, findings.pain_worst),
        "goals": goals,
        "goals_label": gettext("Your goal:") if len(goals) == 1 else gettext("Your goals:"),
        "showed": showed.lines(
            findings.left,
            findings.right,
            findings.told,
            examined=findings.examined,
            shown=SHOWN_REASONS,
        ),
    }


def _week(
    often: Sequence[int], minutes: float, habits: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    names = ", ".join(habit["name"][0].lower() + habit["name"][1:] for habit in habits)
    return {
        "days": schedule.week(often) if often else [],
        "minutes": _minutes(minutes) if often else "",
        "daily": gettext("Every day: {names}.").format(names=names) if habits else "",
        "review": str(REVIEW),
        "only": str(ONLY_THESE) if often else "",
    }


def _follow_up(
    exercises: Sequence[Mapping[str, Any]],
    often: Sequence[int],
    habits: Sequence[Mapping[str, Any]],
    on: date,
) -> dict[str, Any]:
    names = [exercise["name"] for exercise in exercises]
    grid = schedule.diary(names, often, habits=bool(habits), start=on)
    return {
        "path": schedule.six_weeks() if exercises else [],
        "diary": {**grid, "key": str(DIARY_KEY)},
        "reminders": [{"lead": str(lead), "text": str(text)} for lead, text in REMINDERS],
        "bring": str(BRING),
    }


def _checked(heading: Heading) -> str:
    """Who checked the plan; nothing for one that carries a notice, such as a sample."""
    if heading.notice or not heading.clinician:
        return ""
    return gettext("{clinician} has checked this plan.").format(clinician=heading.clinician)


def _versions(heading: Heading) -> str:
    return gettext("Rules version {rules}, questionnaire version {questionnaire}.").format(
        rules=heading.ruleset, questionnaire=heading.questionnaire
    )


def _minutes(minutes: float) -> str:
    number = math.ceil(minutes)
    words = ngettext(
        "About {number} minute each time.", "About {number} minutes each time.", number
    )
    return words.format(number=number)


def _fridge_title(patient: str) -> str:
    if not patient:
        return ""
    return gettext("Exercises for {name}").format(name=patient.split()[0])


def _replaces(version: int | None) -> str:
    return gettext("Replaces version {version}").format(version=version) if version else ""


def words() -> Iterator[Words]:
    """What the handout says in forms of its own, for the catalogues."""
    yield from showed.words()


def issuer_of(practice: Practice) -> Issuer:
    """The practice as a plan prints it."""
    return Issuer(
        name=practice.name,
        address=practice.address,
        phone=practice.phone,
        emergency_number=practice.emergency_number,
        accent=practice.accent,
        green_up_to=practice.green_up_to,
        yellow_up_to=practice.yellow_up_to,
    )


def findings(
    left: Level, right: Level, answers: Mapping[str, Any], told: Iterable[Told], *, examined: bool
) -> Findings:
    """What a record shows; `answers` are the contract's keys and values as stored."""
    return Findings(
        left=left,
        right=right,
        pain_worst=answers["pain_worst"],
        told=tuple(told),
        goals=tuple(goal["text"] for goal in answers.get("goals", [])),
        examined=examined,
    )


def findings_of(screening: Screening) -> Findings:
    """The levels that count, the clinician's or the screen's, and what the patient told us."""
    review = screening.review
    left, right = reviews.final_levels(review)
    told = (
        Told(rule=row["rule"], side=row["side"], counted=row["counted"], sentence=row["told"])
        for row in screening.reasons
    )
    examined = bool(review.final_left or review.final_right)
    return findings(Level(left), Level(right), screening.answers, told, examined=examined)


def _open_notes(screening: Screening) -> dict[str, tuple[str, ...]]:
    """The cards that this patient may do, each with the cautions to print.

    None for answers that today's contract cannot read.
    """
    try:
        answers = contract.parse(screening.answers)
    except contract.AnswerError:
        return {}
    assessment = rules.from_json(screening.assessment)
    ruleset = rule_versions.ruleset(screening.ruleset_version)
    return planner.open_notes(assessment, answers, library.load(), ruleset)


def items_of(draft: PlanDraft) -> list[Item]:
    """The exercises and habits that the planner proposes, as a plan's items."""
    habits = zip(draft.habits, draft.habit_reasons, strict=True)
    return [
        *(Item(slug=card.slug, because=card.because, dose=card) for card in draft.cards),
        *(Item(slug=slug, because=because, dose=None) for slug, because in habits),
    ]


def _rule(card: library.Card) -> str:
    """The rule whose firing advises a habit."""
    return card.habit.rule if card.habit else ""


def _item(row: PlanItem) -> Item:
    dose = None if row.slot == HABIT_SLOT else _dose(row)
    return Item(slug=row.slug, because=row.because, dose=dose, note=row.note)


def _dose(row: PlanItem) -> PlanCard:
    sets = {"left": row.sets_left, "right": row.sets_right, "both": row.sets_both}
    return PlanCard(
        slug=row.slug,
        slot=row.slot,
        sets={side: count for side, count in sets.items() if count},
        reps=row.reps,
        hold_seconds=row.hold_seconds,
        rest_seconds=row.rest_seconds,
        times_a_day=row.times_a_day,
        days_per_week=row.days_per_week,
        first_side=row.first_side,
        because=row.because,
        cautions=tuple(row.cautions),
    )
