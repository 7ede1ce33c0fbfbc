"""What every plan says about pain, stopping, calling and emergencies, in the practice's numbers.

Words of specification sections 4.1 (stop rule), 5.5 (pain guide), 5.6 (when to contact) and 9
(disclaimer). Nothing here depends on the patient. A change of words needs clinician sign-off.
"""

from typing import Any

from django.utils.translation import gettext, gettext_lazy

WORST_PAIN = 10

LIGHTS = (
    (
        "go",
        gettext_lazy("GO"),
        gettext_lazy("Green light: carry on. It is back to your usual level within 24 hours."),
    ),
    (
        "slow",
        gettext_lazy("SLOW"),
        gettext_lazy(
            "Yellow light: do half, or the easier one. It should settle by the next morning. Do "
            "not move up yet."
        ),
    ),
    (
        "halt",
        gettext_lazy("STOP"),
        gettext_lazy(
            "Red light: stop that exercise. Do the easier one next time. Sharp pain, or pain that "
            "spreads down your leg, is also red."
        ),
    ),
)
"""Kind, word and what to do, for pain during an exercise from low to high."""

CALL_US = (
    gettext_lazy("you get a red light twice in a row"),
    gettext_lazy("pain is up 2 points for 3 days, or has not settled in 24 hours"),
    gettext_lazy("nothing is better after 3 to 4 weeks"),
    gettext_lazy("you get new tingling in a leg"),
    gettext_lazy("the outside of your hip hurts each time"),
    gettext_lazy("you cannot do an exercise safely"),
    gettext_lazy("you get pregnant or have a new illness"),
)

EMERGENCY = (
    gettext_lazy("numbness between your legs or around your back passage"),
    gettext_lazy("trouble starting to pee, or you cannot feel it"),
    gettext_lazy("new loss of bladder or bowel control"),
    gettext_lazy("new weakness or numbness in both legs, or a leg that gets weaker"),
    gettext_lazy("chest pain or trouble breathing"),
)

WALLET = (
    gettext_lazy("numbness between your legs"),
    gettext_lazy("trouble peeing, or you cannot feel it"),
    gettext_lazy("new loss of bladder or bowel control"),
    gettext_lazy("new weakness or numbness in both legs"),
)


def pain_guide(green_up_to: int, yellow_up_to: int) -> list[dict[str, str]]:
    """The three lights with the practice's limits, both from 0 to 9 and green below yellow."""
    ranges = (
        _range(0, green_up_to),
        _range(green_up_to + 1, yellow_up_to),
        _range(yellow_up_to + 1, WORST_PAIN),
    )
    return [
        {"kind": kind, "range": spoken, "word": str(word), "text": str(text)}
        for spoken, (kind, word, text) in zip(ranges, LIGHTS, strict=True)
    ]


def _range(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return gettext("{low} to {high}").format(low=low, high=high)


def box(*, green_up_to: int, yellow_up_to: int, emergency_number: str) -> dict[str, Any]:
    """The safety box: pain guide, universal stop rule, when to call, when to get help now."""
    return {
        "lights": pain_guide(green_up_to, yellow_up_to),
        "stop_title": gettext("Universal stop rule:"),
        "stop": gettext(
            "Stop and rest if pain goes above {limit} out of {worst}, is sharp or spreads down "
            "the leg, or you get numbness, dizziness, chest pain or unusual breathlessness."
        ).format(limit=yellow_up_to, worst=WORST_PAIN),
        "call_title": gettext("Stop and call us if"),
        "call": [str(sign) for sign in CALL_US],
        "emergency_title": gettext("Call {number} now if you get").format(number=emergency_number),
        "emergency": [str(sign) for sign in EMERGENCY],
    }


def wallet_card(*, emergency_number: str, phone: str) -> dict[str, Any]:
    """The card to cut out and keep."""
    title = gettext("Cut out and keep. Call {number} now if you get:")
    if phone:
        title = gettext(
            "Cut out and keep. For anything else call us: {phone}. Call {number} now if you get:"
        )
    return {
        "title": title.format(number=emergency_number, phone=unbroken(phone)),
        "signs": [str(sign) for sign in WALLET],
    }


def unbroken(phone: str) -> str:
    """A phone number that no line of a paper may break."""
    return phone.replace(" ", "\u00a0")


def disclaimer(emergency_number: str) -> str:
    """The disclaimer of specification section 9, with the local emergency number."""
    return gettext(
        "This is a screening aid for use with a chiropractor. It does not diagnose any condition "
        "and is not a substitute for care. Do not use it in an emergency. If you have loss of "
        "bladder or bowel control, numbness between the legs, leg weakness that is getting worse, "
        "chest pain, or a recent serious injury, call {number} or go to an emergency room now. "
        "Stop any exercise that makes you worse and contact your clinic. Your results are reviewed "
        "by a clinician during business hours and are not watched in real time."
    ).format(number=emergency_number)
