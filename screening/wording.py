"""What a patient reads of the questionnaire and the rules, in the language of the page.

The core's tables stay English, because the clinician reads them; here they are translated whole
when they are put before a patient. `words` lists every sentence, for the catalogues: a sentence
that the rules make of answers is listed in each of its forms, so that a translator sees it whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any

from django.utils.translation import get_language

from chiro.practice.translation import Words, translated
from screening import answers as contract
from screening import assessment, red_flags, rules, rulesets
from screening.anatomy import SIDES, Side
from screening.answers import Answer, Answers
from screening.changes import NAMES
from screening.questionnaire import PARTS, QUESTIONS, SECTIONS, Option, Question, Section, paper

# --- the questionnaire --------------------------------------------------------------------------


def section_in_language(section: Section) -> Section:
    """The page with its words in the active language; everything else stays."""
    return _section(section, get_language() or "")


def question_in_language(question: Question) -> Question:
    """The question with its words in the active language; everything else stays."""
    return _question(question, get_language() or "")


@lru_cache(maxsize=1024)
def _section(section: Section, language: str) -> Section:
    return replace(
        section,
        title=translated(section.title),
        intro="\n\n".join(translated(part) for part in section.intro.split("\n\n")),
        questions=tuple(_question(question, language) for question in section.questions),
    )


@lru_cache(maxsize=4096)
def _question(question: Question, language: str) -> Question:
    low, high = question.ends
    return replace(
        question,
        label=translated(question.label),
        help=translated(question.help),
        why=translated(question.why),
        error=translated(question.error),
        none_label=translated(question.none_label),
        unit=translated(question.unit),
        ends=(translated(low), translated(high)),
        options=tuple(_option(option) for option in question.options),
    )


def _option(option: Option) -> Option:
    return replace(
        option,
        label=translated(option.label),
        hint=translated(option.hint),
        group=translated(option.group),
    )


def answer_in_language(key: str, answer: Answer) -> str:
    """`answers.answer_in_words` in the active language."""
    return contract.answer_in_words(key, answer, question_in_language(QUESTIONS[key]), translated)


def answers_in_language(answers: Answers) -> list[dict[str, Any]]:
    """`answers.words` in the active language."""
    return contract.words(answers, [section_in_language(s) for s in SECTIONS], translated)


# --- what a fired rule says -----------------------------------------------------------------------

BECAUSE_ONE = "Because you told us {told}."
BECAUSE_TWO = "Because you told us {told}, and {more}."
TOLD_ONE = "You told us {told}."
_BEFORE, _BETWEEN, _AFTER = "Because you told us ", ", and ", "."


def because_in_language(english: str) -> str:
    """A stored "Because you told us ..." in the active language.

    The parts are sentences of the catalogues; what a clinician typed instead stays as it is.
    """
    return _from_told(english, BECAUSE_ONE, BECAUSE_TWO)


def told_in_language(english: str) -> str:
    """The same as "You told us ...", of one answer."""
    return _from_told(english, TOLD_ONE, BECAUSE_TWO)


def _from_told(english: str, one: str, two: str) -> str:
    if not (english.startswith(_BEFORE) and english.endswith(_AFTER)):
        return translated(english)
    parts = english.removeprefix(_BEFORE).removesuffix(_AFTER).split(_BETWEEN)
    told = [translated(part) for part in parts]
    if len(told) == 1:
        return translated(one).format(told=told[0])
    if len(told) == len(("one", "two")):
        return translated(two).format(told=told[0], more=told[1])
    return english


def flag_in_language(english: str) -> str:
    """What was said about a safety item, to follow "You told us:", sure or unsure."""
    before = red_flags.UNSURE.format(told="")
    if not english.startswith(before):
        return translated(english)
    return translated(red_flags.UNSURE).format(told=translated(english.removeprefix(before)))


# --- every sentence, for the catalogues -----------------------------------------------------------

FOLLOWS_TOLD = 'Follows "Because you told us" or "You told us": begins small, no full stop.'


def words() -> Iterator[Words]:
    """Every sentence of the core that a patient reads, in the order of the pages."""
    yield from _questionnaire_words()
    yield from _answer_words()
    yield from _paper_words()
    yield from _change_words()
    yield from _flag_words()
    yield from _rule_words()
    yield from _result_words()


def _of(english: Iterable[str], file: str, **rest: Any) -> Iterator[Words]:
    return (
        Words(english=text, file=file, **rest) for text in english if text and not text.isdigit()
    )


def _questionnaire_words() -> Iterator[Words]:
    file = "screening/questionnaire"
    yield from _of(PARTS.values(), file, note="Name of a part of the questionnaire.")
    for section in SECTIONS:
        safety, where = section.part == "safety", f"{file}/{section.part}"
        yield from _of([section.title], where, note=f"Page {section.slug}.", safety=safety)
        yield from _of(
            section.intro.split("\n\n"), where, note=f"Page {section.slug}.", safety=safety
        )
        for question in section.questions:
            yield from question_words(question, where, safety=safety)


def question_words(question: Question, where: str, *, safety: bool = False) -> Iterator[Words]:
    """Every word of one question."""
    key = f"Question {question.key}."
    yield from _of([question.label], where, note=key, safety=safety)
    yield from _of([question.help, question.why], where, note=key, safety=safety)
    for option in question.options:
        texts = [option.label, option.hint, option.group]
        yield from _of(texts, where, note=f"Answer to {question.key}.", safety=safety)
    yield from _of([question.none_label, question.unit, *question.ends], where, note=key)
    yield from _of([question.error], where, note="What to do when the answer is missing.")


def _paper_words() -> Iterator[Words]:
    note = "On paper, before a question. Gaps are numbers of questions."
    yield from _of([*paper.WHEN.values(), paper.WHEN_YES], "screening/questionnaire", note=note)


def _answer_words() -> Iterator[Words]:
    file = "screening/answers.py"
    yield from _of([contract.NOT_ANSWERED, contract.AGREED, contract.SCORED], file)
    below = (q for q in QUESTIONS.values() if q.not_below)
    yield from _of((contract.BELOW.format(QUESTIONS[q.not_below].label) for q in below), file)
    yield from _of(contract.GOAL_PROBLEMS, file)


def _change_words() -> Iterator[Words]:
    note = "A self-test, on the page that tells what changed."
    yield from _of(NAMES.values(), "screening/changes.py", note=note)


def _flag_words() -> Iterator[Words]:
    file = "screening/red_flags.py"
    yield from _of([red_flags.UNSURE], file, note='Follows "You told us:".', safety=True)
    for item in red_flags.ITEMS:
        note = f'{item.code}. Follows "You told us:".'
        yield from _of([item.told], file, note=note, safety=True)
        advice = dict.fromkeys([item.advice, *item.advice_at.values()])
        yield from _of(advice, file, note=f"{item.code}. Advice.", safety=True)


def _rule_words() -> Iterator[Words]:
    file = "screening/rules"
    yield from _of([BECAUSE_ONE, BECAUSE_TWO, TOLD_ONE], file, note="{told} and {more} follow.")
    for rule in rules.RULES:
        yield from _of(clauses(rule), file, note=f"Rule {rule.id}. {FOLLOWS_TOLD}")
        yield from _of([rule.patient], file, note=f"Rule {rule.id}. Why it may matter.")


def _result_words() -> Iterator[Words]:
    yield from _of(assessment.sentences(), "screening/assessment.py", note="The result.")


READ_BY = {
    "A1": ("side_sleep_nights", "side_lain_on", "top_knee_drops"),
    "A2": ("standing_leg", "one_leg_standing"),
    "A3": ("sitting_hours", "sitting_bout"),
    "A4": ("crossing_style", "top_leg", "leg_crossing"),
    "C5": ("stance_left", "stance_right"),
    "C6": ("leg_lift_left", "leg_lift_right"),
    "E": ("training_hours", "training_jump"),
}
"""Rule -> the questions of one answer that its words are made of; others read a list or nothing."""

LISTS: dict[str, tuple[str, ...]] = {"B1": ("places",), "D1": ("injuries",), "D2": ("surgery",)}


def clauses(rule: rules.Rule) -> list[str]:
    """Everything that a rule can say that the patient told us, each form once."""
    if rule.id in LISTS:
        told = [_say(rule, {LISTS[rule.id][0]: held}, side) for held, side in _held(rule)]
    else:
        keys = READ_BY.get(rule.id, ())
        values = [[option.value for option in QUESTIONS[key].options] for key in keys]
        told = [
            _say(rule, dict(zip(keys, answers, strict=True)), side)
            for answers in product(*values)
            for side in SIDES
        ]
    return list(dict.fromkeys(text for text in told if text))


def _held(rule: rules.Rule) -> Iterator[tuple[tuple[str, ...], Side]]:
    """Every set of listed places of one side that speaks of that side, small ones first."""
    key = LISTS[rule.id][0]
    for side in SIDES:
        mine = [str(o.value) for o in QUESTIONS[key].options if str(o.value).endswith(side.value)]
        heard = [v for v in mine if rule.id != "D1" or v.split(":")[0] in rules.scores.LIMB]
        some = heard if rule.id == "D1" else heard[:6]
        for chosen in product((False, True), repeat=len(some)):
            picked = tuple(v for v, on in zip(some, chosen, strict=True) if on)
            if picked:
                yield picked, side


def _say(rule: rules.Rule, answers: Answers, side: Side) -> str:
    """The words for these answers; nothing for answers with which the rule cannot fire there."""
    try:
        left, right = rule.score(answers, rulesets.load().points[rule.id])
        fires = left if side is Side.LEFT else right
        return rule.told(answers, side) if fires or rule.id not in READ_BY else ""
    except KeyError:
        return ""
