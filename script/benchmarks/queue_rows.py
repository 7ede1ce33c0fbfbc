"""A practice with many submissions of real size, for measuring the queue.

A few hundred screenings are sent as patients send them; the rest are copies of these with a time,
a patient and a review of their own, so that every row is as long as a real one.
"""

import random
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from chiro.practice.models import Role, User
from screening import answers as contract
from screening.models import Draft, Patient, PatientWord, Review, Screening
from screening.questionnaire import SECTIONS
from screening.services import finding, queue, submission
from script.benchmarks.sample_records import records

PROTOTYPES = 150
ALERTS = 5
BATCH = 2000
SPANS_DAYS = ((0, 1), (1, 2), (2, 7), (7, 30), (30, 400))
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


def fill(count: int) -> None:
    """Fill an empty, migrated database with `count` submissions."""
    chance = random.Random(count)
    settings.AFTER_SUBMIT = []
    with transaction.atomic():
        staff = [
            User.objects.create(
                is_staff=True, username=f"dc{n}", last_name=f"Rivera {n}", role=Role.CHIROPRACTOR
            )
            for n in range(3)
        ]
        patients = _patients(max(count // 2, 1), chance)
        prototypes = [_sent(record, n) for n, record in enumerate(records(PROTOTYPES))]
        _copies(count - PROTOTYPES, prototypes, patients, staff, chance)


def _member(number: int) -> User:
    name, role = f"dc{number}", Role.CHIROPRACTOR
    return User.objects.create(username=name, last_name=name, role=role, is_staff=True)


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
    )
    return submission.submit(draft=draft)


def _patients(count: int, chance: random.Random) -> list[Patient]:
    """Patients with search words; some surnames are common, most are rare."""
    everybody: list[Patient] = []
    for batch in batched(range(1, count + 1), BATCH):
        people = [_patient(number, chance) for number in batch]
        made = Patient.objects.bulk_create(people)
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
    copied = [field.column for field in Screening._meta.concrete_fields if field.column]
    own = ["id", "patient_id", "submission_key", "submitted_at"]
    kept = [connection.ops.quote_name(name) for name in copied if name not in own]
    table = connection.ops.quote_name(Screening._meta.db_table)
    names = ", ".join([*own, *kept])
    sql = (
        f"INSERT INTO {table} ({names}) SELECT %s, %s, %s, %s, {', '.join(kept)} "
        f"FROM {table} WHERE id = %s"
    )
    first = max(one.pk for one in prototypes) + 1
    for batch in batched(range(first, first + count), BATCH):
        rows = [
            (pk, chance.choice(prototypes), chance.choice(patients), _when(chance)) for pk in batch
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, [_values(*row) for row in rows])
        Review.objects.bulk_create(
            _review(pk, one, patient, at, staff, chance) for pk, one, patient, at in rows
        )
    Review.objects.filter(screening__lt=first + ALERTS).update(acknowledged_by=None)


def _values(pk: int, prototype: Screening, patient: Patient, at: Any) -> tuple[Any, ...]:
    when = connection.ops.adapt_datetimefield_value(at)
    return pk, patient.pk, f"copy-{pk}", when, prototype.pk


def _when(chance: random.Random) -> Any:
    start, end = chance.choice(SPANS_DAYS)
    return timezone.now() - timedelta(days=chance.uniform(start, end))


def _review(
    pk: int,
    prototype: Screening,
    patient: Patient,
    at: Any,
    staff: list[User],
    chance: random.Random,
) -> Review:
    prototype.submitted_at, prototype.patient = at, patient
    clinician = chance.choice([None, *staff])
    status = chance.choice(Review.Status.values)
    return Review(
        screening_id=pk,
        triage_rank=prototype.review.triage_rank,
        status=status,
        is_open=status in queue.OPEN,
        clinician=clinician,
        acknowledged_by=staff[0],
        acknowledged_at=at,
        **queue.columns(prototype),
    )
