"""Records of answers as JSON Lines: one line in, one line out.

Core: standard library only. Reading is strict: what another reader could take in two ways is an
error. Read by `assess` and by whatever takes one record from a file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from exercises import planner
from exercises.library import Card
from exercises.planner import Proposal
from screening import assessment
from screening.answers import AnswerError, parse
from screening.rulesets import RuleSet

NOT_JSON = "This line is not JSON"
NO_OBJECT = "This line is not a JSON object of answers"
NOT_UTF8 = "This line is not UTF-8 text"
TOO_DEEP = "This line is nested too deeply"
TWICE = "This key is there more than once"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_NUMBER = 18
"""A whole number of more digits is cut: it stays too high for any key."""


class RecordError(ValueError):
    """A line that holds no record of answers. `key` is the key at fault, or ""."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """What records are answered with. `cleared` plans as if a clinician had cleared them."""

    cards: Mapping[str, Card]
    ruleset: RuleSet
    cleared: bool = False


def answer_lines(lines: Iterable[bytes], shelf: Shelf) -> Iterator[tuple[str, bool]]:
    """The answer to each line that is not blank, as JSON without a line end, and whether it holds.

    Lines are counted from 1, blank ones too. Never raises for what a line says.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = answer(read(line), shelf)
        except (RecordError, AnswerError) as error:
            yield _json({"error": str(error), "line": number, "key": error.key}), False
        else:
            yield _json(found), True


def answer(record: Mapping[str, object], shelf: Shelf) -> dict[str, object]:
    """Assessment and plan of one record, with the keys of the contract in its order.

    Raises AnswerError that names the key.
    """
    answers = parse(record)
    assessed = assessment.assess(answers, shelf.ruleset)
    proposal = planner.propose(assessed, answers, shelf.cards, shelf.ruleset, shelf.cleared)
    found = assessment.to_json(assessed)
    versions = {key: found.pop(key) for key in ("questionnaire", "ruleset")}
    return {**found, "plan": plan_json(proposal), **versions}


def plan_json(proposal: Proposal | None) -> dict[str, object] | None:
    """The plan as the contract shows it: doses and habits without words; None for no plan."""
    if proposal is None:
        return None
    return {
        "cards": [
            {
                "slug": dosed.card.slug,
                "sets": planner.sets_by_side(dosed, proposal.patient),
                "reps": dosed.reps,
                "hold_seconds": dosed.hold_seconds,
                "rest_seconds": dosed.rest_seconds,
            }
            for dosed in proposal.cards
        ],
        "habits": [card.slug for card in proposal.habits],
        "minutes": proposal.minutes,
        "skipped": list(proposal.skipped),
    }


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


# --- reading -----------------------------------------------------------------------------------


def read(line: bytes) -> dict[str, object]:
    """The keys and values of one record, unchecked.

    Raises RecordError when the line is no JSON object, or says a key twice.
    """
    try:
        value = _DECODER.decode(line.removeprefix(BYTE_ORDER_MARK).decode("utf-8").strip())
    except UnicodeDecodeError as error:
        raise RecordError("", NOT_UTF8) from error
    except RecursionError as error:
        raise RecordError("", TOO_DEEP) from error
    except ValueError as error:
        raise RecordError("", NOT_JSON) from error
    if isinstance(value, _Repeating):
        raise RecordError(value.key, TWICE)
    if not isinstance(value, dict):
        raise RecordError("", NO_OBJECT)
    return value


@dataclass(frozen=True, slots=True)
class _Repeating:
    """Stands for an object that says a key twice: no answer, so that its own key is refused."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeating:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    return _Repeating(next(key for at, key in enumerate(keys) if key in keys[:at]))


def _whole(digits: str) -> int:
    return int(digits[: LONGEST_NUMBER + 1])


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_constant=_no_number)
