"""What every plan says about pain, stopping, calling and emergencies, in the practice's numbers.

Words of specification sections 4.1 (stop rule), 5.5 (pain guide), 5.6 (when to contact) and 9
(disclaimer). Nothing here depends on the patient. A change of words needs clinician sign-off.
"""

from typing import Any

WORST_PAIN = 10

LIGHTS = (
    ("go", "GO", "Green light: carry on. It is back to your usual level within 24 hours."),
    (
        "slow",
        "SLOW",
        "Yellow light: do half, or the easier one. It should settle by the next morning. Do not "
        "move up yet.",
    ),
    (
        "halt",
        "STOP",
        "Red light: stop that exercise. Do the easier one next time. Sharp pain, or pain that "
        "spreads down your leg, is also red.",
    ),
)
"""Kind, word and what to do, for pain during an exercise from low to high."""

CALL_US = (
    "you get a red light twice in a row",
    "pain is up 2 points for 3 days, or has not settled in 24 hours",
    "nothing is better after 3 to 4 weeks",
    "you get new tingling in a leg",
    "the outside of your hip hurts each time",
    "you cannot do an exercise safely",
    "you get pregnant or have a new illness",
)

EMERGENCY = (
    "numbness between your legs or around your back passage",
    "trouble starting to pee, or you cannot feel it",
    "new loss of bladder or bowel control",
    "new weakness or numbness in both legs, or a leg that gets weaker",
    "chest pain or trouble breathing",
)

WALLET = (
    "numbness between your legs",
    "trouble peeing, or you cannot feel it",
    "new loss of bladder or bowel control",
    "new weakness or numbness in both legs",
)


def pain_guide(green_up_to: int, yellow_up_to: int) -> list[dict[str, str]]:
    """The three lights with the practice's limits, both from 0 to 9 and green below yellow."""
    ranges = (
        _range(0, green_up_to),
        _range(green_up_to + 1, yellow_up_to),
        _range(yellow_up_to + 1, WORST_PAIN),
    )
    return [
        {"kind": kind, "range": spoken, "word": word, "text": text}
        for spoken, (kind, word, text) in zip(ranges, LIGHTS, strict=True)
    ]


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def box(*, green_up_to: int, yellow_up_to: int, emergency_number: str) -> dict[str, Any]:
    """The safety box: pain guide, universal stop rule, when to call, when to get help now."""
    return {
        "lights": pain_guide(green_up_to, yellow_up_to),
        "stop_title": "Universal stop rule:",
        "stop": (
            f"Stop and rest if pain goes above {yellow_up_to} out of {WORST_PAIN}, is sharp or "
            "spreads down the leg, or you get numbness, dizziness, chest pain or unusual "
            "breathlessness."
        ),
        "call_title": "Stop and call us if",
        "call": list(CALL_US),
        "emergency_title": f"Call {emergency_number} now if you get",
        "emergency": list(EMERGENCY),
    }


def wallet_card(*, emergency_number: str, phone: str) -> dict[str, Any]:
    """The card to cut out and keep."""
    else_call = f" For anything else call us: {phone}." if phone else ""
    return {
        "title": f"Cut out and keep.{else_call} Call {emergency_number} now if you get:",
        "signs": list(WALLET),
    }


def disclaimer(emergency_number: str) -> str:
    """The disclaimer of specification section 9, with the local emergency number."""
    return (
        "This is a screening aid for use with a chiropractor. It does not diagnose any condition "
        "and is not a substitute for care. Do not use it in an emergency. If you have loss of "
        "bladder or bowel control, numbness between the legs, leg weakness that is getting worse, "
        f"chest pain, or a recent serious injury, call {emergency_number} or go to an emergency "
        "room now. Stop any exercise that makes you worse and contact your clinic. Your results "
        "are reviewed by a clinician during business hours and are not watched in real time."
    )
