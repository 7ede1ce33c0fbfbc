"""The examination: which tests the clinician can record, their raw values, and what they suggest.

Core: standard library only. `TESTS` declares the rows of specification section 6; findings are
measure -> side (`left`, `right`, or `both` for a test that has no side) -> raw value. A
suggestion is never applied by itself: the final level is the clinician's. Read by the admin.
"""

from screening.examination.checking import ExaminationError, check
from screening.examination.suggestion import Findings, Suggestion, notes, suggest_level
from screening.examination.table import BOTH, GRADES, MEASURES, SIDES_OF, TESTS, Kind, Measure, Test

__all__ = [
    "BOTH",
    "GRADES",
    "MEASURES",
    "SIDES_OF",
    "TESTS",
    "ExaminationError",
    "Findings",
    "Kind",
    "Measure",
    "Suggestion",
    "Test",
    "check",
    "notes",
    "suggest_level",
]
