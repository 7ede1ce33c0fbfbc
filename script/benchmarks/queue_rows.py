"""A practice with many submissions of real size, for measuring the queue and the dashboard.

A few dozen screenings are sent as patients send them; the rest are copies of these with a time,
a patient, a review and facts of their own, so that every row is as long as a real one. Indexes are
taken away while the rows are written and made anew at the end, which halves the time.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from chiro.practice.models import Role, User
from screening import answers as contract
from screening.models import Draft, Patient, PatientWord, Review, Screening, ScreeningFacts
from screening.questionnaire import SECTIONS
from screening.services import facts, finding, queue, submission
from script.benchmarks.sample_records import records

PROTOTYPES = 90
BLOCK = 5000
"""So many are made one by one; more are these again, in one statement a table."""
ALERTS = 5
BATCH = 5000
STAFF = 3
SPANS_DAYS = ((0, 1), (1, 2), (2, 7), (7, 30), (30, 400))
LANGUAGES = (*["en"] * 9, "es")
TIERS: tuple[dict[str, object], ...] = (
    *[{}] * 6,
    {"rf_needs_doctor_ok": "yes"},
    {"rf_calf": "yes"},
    {"rf_saddle": "yes"},
)
FIRST = ("Maria", "James", "Ana", "Robert", "Linh", "Michael", "Fatima", "David", "Grace", "Ahmed")
SYLLABLES = (
    *("al", "var", "ez", "mo", "ra", "les", "ken", "wil", "son", "dar", "by", "fer", "nan"),
    *("do", "ti", "gu", "ro", "ba", "ker", "hol", "lin", "sa", "to"),
)
COPIES, TIMES = "bench_copies", "bench_times"


class Copy(NamedTuple):
    """A screening that is a copy of another: its number, whose it is, and when it was sent."""

    pk: int
    prototype: Screening
    patient: Patient
    at: datetime


def fill(count: int) -> None:
    """Fill an empty, migrated database with `count` submissions."""
    chance = random.Random(count)
    settings.AFTER_SUBMIT = []
    prototypes = [_sent(record, n) for n, record in enumerate(records(PROTOTYPES))]
    block = min(count, BLOCK)
    with _without_indexes(Screening, Review, ScreeningFacts, Patient, PatientWord):
        staff = [_member(number) for number in range(STAFF)]
        patients = _patients(max(block // 2, 1), chance)
        _copies(block - len(prototypes), prototypes, patients, staff, chance)
        _multiply(count // block - 1)
    Review.objects.filter(screening__lte=PROTOTYPES).update(acknowledged_by=staff[0])
    Review.objects.filter(screening__lte=PROTOTYPES + ALERTS).update(acknowledged_by=None)


@contextmanager
def _without_indexes(*tables: type[models.Model]) -> Iterator[None]:
    """One transaction in which these tables have only the indexes of their constraints.

    On PostgreSQL, foreign keys are not checked meanwhile.
    """
    with connection.constraint_checks_disabled(), connection.schema_editor() as schema:
        if connection.vendor == "postgresql":
            schema.execute("SET LOCAL session_replication_role = replica")
        dropped = [pair for table in tables for pair in _indexes(table)]
        for name, _ in dropped:
            schema.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _, statement in dropped:
            schema.execute(statement)


def _indexes(table: type[models.Model]) -> list[tuple[str, str]]:
    """Name and statement of each index of a table that is not part of a constraint."""
    catalogue = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s"
    if connection.vendor == "postgresql":
        catalogue = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
    with connection.cursor() as cursor:
        cursor.execute(catalogue, [table._meta.db_table])
        found = [(name, sql) for name, sql in cursor.fetchall() if sql]
    return [(name, sql) for name, sql in found if "CREATE INDEX" in sql]


def _member(number: int) -> User:
    name, role = f"dc{number}", Role.CHIROPRACTOR
    return User.objects.create(
        username=name, last_name=f"Rivera {number}", role=role, is_staff=True
    )


def _sent(record: dict[str, object], number: int) -> Screening:
    """A screening as a patient sends it."""
    given = {**record, **TIERS[number % len(TIERS)]}
    kept, _ = contract.drop_closed(contract.parse(given))
    born = timezone.localdate() - timedelta(days=int(366 * int(str(given["age"])) + 20))
    draft = Draft.objects.create(
        submission_key=f"prototype-{number}",
        answers=contract.to_json(kept),
        identity={
            "full_name": f"Pat Prototype {number}",
            "birth_date": born.replace(year=born.year).isoformat(),
            "filled_by": "self",
        },
        progress={"answered": [section.slug for section in SECTIONS]},
        language=LANGUAGES[number % len(LANGUAGES)],
    )
    return submission.submit(draft=draft)


def _patients(count: int, chance: random.Random) -> list[Patient]:
    """Patients with search words; some surnames are common, most are rare."""
    everybody: list[Patient] = []
    first = PROTOTYPES + 1
    for batch in batched(range(first, first + count), BATCH):
        made = Patient.objects.bulk_create(_patient(number, chance) for number in batch)
        everybody += made
        PatientWord.objects.bulk_create(
            PatientWord(patient=person, word=word)
            for person in made
            for word in sorted(finding.words_of(person))
        )
    return everybody


def _patient(number: int, chance: random.Random) -> Patient:
    surname = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    return Patient(
        reference=f"{number:06X}"[:3] + "-" + f"{number:06X}"[3:],
        full_name=f"{chance.choice(FIRST)} {surname}",
        birth_date=date(1935, 1, 1) + timedelta(days=chance.randrange(70 * 365)),
        phone="512 555 0100",
    )


def _copies(
    count: int,
    prototypes: list[Screening],
    patients: list[Patient],
    staff: list[User],
    chance: random.Random,
) -> None:
    columns = {one.pk: queue.columns(one) for one in prototypes}
    known = ScreeningFacts.objects.in_bulk()
    first = max(columns) + 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {COPIES} "
            "(pk bigint, patient bigint, submission varchar(64), at timestamp, prototype bigint)"
        )
        for batch in batched(range(first, first + count), BATCH):
            rows = [
                Copy(pk, chance.choice(prototypes), chance.choice(patients), _when(chance))
                for pk in batch
            ]
            cursor.executemany(
                f"INSERT INTO {COPIES} VALUES (%s, %s, %s, %s, %s)", [_values(row) for row in rows]
            )
            Review.objects.bulk_create(
                _review(row, columns[row.prototype.pk], staff, chance) for row in rows
            )
            ScreeningFacts.objects.bulk_create(
                _facts(row, known[row.prototype.pk], chance) for row in rows
            )
        cursor.execute(_copying())


def _multiply(times: int) -> None:
    """Write the copies and their patients again so many times, under numbers of their own.

    The names come again, so that each stands for many people; the references do not.
    """
    again = "substr('0' || again.n, length('0' || again.n) - 1) || substr({}, 3)"
    word = f"CASE WHEN word LIKE '00%%' THEN {again.format('word')} ELSE word END"
    patients, screenings = (_highest(table) - PROTOTYPES for table in (Patient, Screening))
    patient = {"patient_id": f"patient_id + again.n * {patients}"}
    screening = {"screening_id": f"screening_id + again.n * {screenings}"}
    key = {"submission_key": "submission_key || '-' || again.n"}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {TIMES} (n integer)")
        cursor.executemany(f"INSERT INTO {TIMES} VALUES (%s)", [(n + 1,) for n in range(times)])
        for table, shift, changed in (
            (Patient, patients, {"reference": again.format("reference")}),
            (PatientWord, _highest(PatientWord), patient | {"word": word}),
            (Screening, screenings, patient | key),
            (Review, _highest(Review), screening),
            (ScreeningFacts, 0, screening),
        ):
            cursor.execute(_again(table, shift, changed))


def _highest(table: type[models.Model]) -> int:
    highest: int = table._default_manager.aggregate(highest=models.Max("pk"))["highest"]
    return highest


def _again(table: type[models.Model], shift: int, changed: dict[str, str]) -> str:
    """The statement that writes the rows of the copies again, with these columns changed."""
    names = [field.column for field in table._meta.concrete_fields if field.column]
    changed = {"id": f"id + again.n * {shift}", **changed}
    quoted = connection.ops.quote_name
    wanted = ", ".join(changed.get(name, quoted(name)) for name in names)
    owner = {Patient: "id", Screening: "id", PatientWord: "patient_id"}.get(table, "screening_id")
    return (
        f"INSERT INTO {quoted(table._meta.db_table)} ({', '.join(map(quoted, names))}) "
        f"SELECT {wanted} FROM {quoted(table._meta.db_table)} made CROSS JOIN {TIMES} again "
        f"WHERE made.{owner} > {PROTOTYPES}"
    )


def _copying() -> str:
    """The statement that copies the screenings, however long their texts are."""
    quoted = connection.ops.quote_name
    own = {
        "id": "copy.pk",
        "patient_id": "copy.patient",
        "submission_key": "copy.submission",
        "submitted_at": "copy.at",
    }
    columns = [field.column for field in Screening._meta.concrete_fields if field.column]
    wanted = ", ".join(own.get(name, f"model.{quoted(name)}") for name in columns)
    table = quoted(Screening._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(quoted(name) for name in columns)}) SELECT {wanted} "
        f"FROM {COPIES} copy JOIN {table} model ON model.id = copy.prototype"
    )


def _values(row: Copy) -> tuple[Any, ...]:
    when = connection.ops.adapt_datetimefield_value(row.at)
    return row.pk, row.patient.pk, f"copy-{row.pk}", when, row.prototype.pk


def _when(chance: random.Random) -> datetime:
    start, end = chance.choice(SPANS_DAYS)
    return timezone.now() - timedelta(days=chance.uniform(start, end))


def _review(row: Copy, columns: dict[str, Any], staff: list[User], chance: random.Random) -> Review:
    shown = Screening(
        triage=row.prototype.triage,
        left_level=row.prototype.left_level,
        right_level=row.prototype.right_level,
        submitted_at=row.at,
    )
    status = chance.choice(Review.Status.values)
    own = {
        "priority": queue.priority(shown),
        "submitted_at": row.at,
        "name_order": queue.name_order(row.patient),
        **queue.level_orders(shown, cleared=False),
    }
    return Review(
        screening_id=row.pk,
        triage_rank=row.prototype.review.triage_rank,
        status=status,
        is_open=status in queue.OPEN,
        clinician=chance.choice([None, *staff]),
        acknowledged_by=staff[0],
        acknowledged_at=row.at,
        **columns | own,
    )


def _facts(row: Copy, known: ScreeningFacts, chance: random.Random) -> ScreeningFacts:
    return ScreeningFacts(
        screening_id=row.pk,
        week=facts.week_of(row.at),
        triage_rank=known.triage_rank,
        left_level=known.left_level,
        right_level=known.right_level,
        rules=known.rules,
        pain_worst=known.pain_worst,
        minutes_to_review=chance.randint(1, 5000),
        exam_left=chance.choice(["", known.left_level]),
        final_left=chance.choice(["", known.left_level, "possible"]),
        final_right=known.right_level,
    )
