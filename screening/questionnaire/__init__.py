"""The questionnaire: the single ordered declaration of pages, questions, options and conditions.

Core: standard library only. No question, order or wording lives anywhere else; forms, pages,
parser, admin, exports and paper are derived from `SECTIONS`. One module a part.
"""

from screening.questionnaire import (
    body,
    habits,
    paper,
    plan,
    safety,
    self_tests,
    start,
    symptoms,
)
from screening.questionnaire.declaration import (
    Answer,
    Answers,
    Condition,
    Goal,
    Kind,
    Layout,
    Option,
    Question,
    Section,
    always,
)

VERSION = "1"

PARTS: dict[str, str] = {
    "start": "About you",
    "safety": "Safety",
    "symptoms": "How it feels",
    "habits": "Your habits",
    "body": "Walking, training and history",
    "plan": "Your plan",
}
"""Part key -> its name, in order."""

SECTIONS: tuple[Section, ...] = (
    *start.SECTIONS,
    *safety.SECTIONS,
    *symptoms.SECTIONS,
    *habits.SECTIONS,
    *body.SECTIONS,
    *plan.SECTIONS,
    *self_tests.SECTIONS,
    plan.IDENTITY,
)
"""Every page, in the order in which they are asked."""

QUESTIONS: dict[str, Question] = {q.key: q for section in SECTIONS for q in section.questions}
"""Key of the contract -> its question, in the order of the pages."""

NUMBERS: dict[str, int] = paper.numbered(SECTIONS)
"""Key -> its number on paper, on the form that staff key it into, and wherever it is named."""

__all__ = [
    "NUMBERS",
    "PARTS",
    "QUESTIONS",
    "SECTIONS",
    "VERSION",
    "Answer",
    "Answers",
    "Condition",
    "Goal",
    "Kind",
    "Layout",
    "Option",
    "Question",
    "Section",
    "always",
]
