"""The rules of the drawings have teeth: a figure that breaks one is noticed, one sentence each."""

from dataclasses import replace
from pathlib import Path

import pytest

from exercises.figures import checks, marks, palette
from exercises.figures.composition import badge_box, figure_body, files, key_of, layout
from exercises.figures.motion import FRAMES
from exercises.figures.pose_files import ArrowSpec, Figure, figures
from exercises.figures.skeleton import Leg, Pose
from exercises.figures.solving import between, solve

STATIC = Path(__file__).resolve().parents[2] / "static" / "figures"
FIGURES = tuple(figures().values())
MOVING = tuple(f for f in FIGURES if f.kind != "option")
CLAM = figures()["clamshell"]
SIDE_PLANKS = ("side-plank", "side-plank-knees", "side-plank-leg-lift")


def each(chosen: tuple[Figure, ...]) -> pytest.MarkDecorator:
    """One test a figure, named after it."""
    return pytest.mark.parametrize("figure", chosen, ids=[f.slug for f in chosen])


def said(figure: Figure) -> str:
    """All faults of a figure as one text."""
    return " | ".join(checks.faults(figure))


def broken_rules(figure: Figure, start: Pose, end: Pose) -> list[str]:
    """What the rules of a figure say about another movement."""
    a, b = solve(start), solve(end)
    return [wrong for rule in figure.rules if (wrong := checks.obeys(rule, a, b))]


@each(MOVING)
def test_a_figure_that_does_not_move_is_noticed(figure: Figure) -> None:
    assert broken_rules(figure, figure.start, figure.start)


@each(MOVING)
def test_a_figure_drawn_backwards_is_noticed(figure: Figure) -> None:
    assert broken_rules(figure, figure.end, figure.start)


@pytest.mark.parametrize("joint", ["knee", "hip", "ankle"])
def test_a_joint_bent_too_far_is_noticed(joint: str) -> None:
    legs = {
        "knee": Leg(hip=(60, 0, 0), knee=165),
        "hip": Leg(hip=(150, 0, 0), knee=90),
        "ankle": Leg(hip=(0, 0, 0), knee=0, ankle=70),
    }
    pose = Pose(at=(0, 120, 0), legs={"left": legs[joint]})
    assert f"left {joint} at" in " ".join(checks.bones(CLAM, pose))


def test_toes_spine_and_neck_have_limits_too() -> None:
    faults = " ".join(
        checks.bones(CLAM, Pose(spine=(90, 0, 0), neck=(0, 80, 0), legs={"left": Leg(toes=90)}))
    )
    assert "spine" in faults
    assert "neck" in faults
    assert "left toes bend 90" in faults


@pytest.mark.parametrize(
    ("slug", "contact", "surface"),
    [
        ("step-down", "right foot", "step"),
        ("lateral-thigh-self-massage", "pelvis", "chair"),
        ("single-leg-deadlift", "left hand", "counter"),
        ("hip-hinge", "pelvis", "wall"),
        ("double-leg-bridge", "left foot", "floor"),
    ],
)
def test_each_contact_is_measured_from_its_own_surface(
    slug: str, contact: str, surface: str
) -> None:
    figure = figures()[slug]
    assert figure.end.contacts[contact] == surface
    x, y, z = figure.end.at
    shift = (x + 4, y, z) if surface == "wall" else (x, y + 2, z)
    apart = replace(figure.end, at=shift, contacts={contact: surface})
    if surface == "counter":
        arm = figure.end.arms["left"]
        assert arm.to is not None
        lifted = replace(arm, to=(arm.to[0], arm.to[1] + 2, arm.to[2]))
        apart = replace(apart, at=figure.end.at, arms={**figure.end.arms, "left": lifted})
    if surface in ("step", "floor"):
        side = contact.partition(" ")[0]
        leg = figure.end.legs[side]
        assert leg.to is not None
        foot = replace(leg, to=(leg.to[0], leg.to[1] + 2, leg.to[2]))
        apart = replace(apart, at=figure.end.at, legs={**figure.end.legs, side: foot})
    assert surface in " ".join(checks.contacts(figure, apart))


def test_an_arrow_over_the_muscle_or_the_face_is_noticed() -> None:
    at_hip = ArrowSpec(at="left hip", offset=(-12, -12), way=(24, 24))
    assert "an arrow touches the muscle" in said(replace(CLAM, arrows=(at_hip,)))
    at_face = ArrowSpec(at="head", offset=(-12, 0), way=(24, 0))
    assert "an arrow touches the face" in said(replace(CLAM, arrows=(at_face,)))


def test_a_muscle_that_faces_away_is_noticed() -> None:
    from_behind = figures()["standing-weight-shift"]
    assert "0 cm2 of the muscle are seen" in said(replace(from_behind, muscles=("hip flexors",)))


def test_a_level_hip_that_looks_tilted_is_noticed() -> None:
    figure = figures()["standing-weight-shift"]
    turned = replace(figure, camera=type(figure.camera)(35, 30))
    assert "hips rise 0.0 degrees and look" in said(turned)


@each(MOVING)
def test_numbers_print_alike_and_touch_nothing(figure: Figure) -> None:
    assert list(checks.badge(figure)) == []


@each(MOVING)
def test_numbers_crosses_and_ticks_are_moved_but_never_mirrored(figure: Figure) -> None:
    plan = layout(key_of(figure))
    (x, y), r = plan.badge, plan.radius
    for name, (frame, side) in files(figure).items():
        text = (STATIC / f"{name}.svg").read_text(encoding="utf-8")
        at = x
        if figure.one_sided and side != figure.worked:
            a0, _, a1, _ = badge_box(figure, plan.badge, r)
            at = plan.box[0] + plan.box[2] - x
            at -= (a1 - a0 - 2 * r) if figure.kind == "habit" else 0
        signs = marks.badge("1" if frame == "start" else "2", (at, y), r)
        if figure.kind == "habit":
            signs += marks.verdict(frame == "end", (at + 2.4 * r, y), r)
        assert text.endswith(f"{signs}</g></svg>\n")


@pytest.mark.parametrize("slug", SIDE_PLANKS)
def test_the_elbow_of_a_side_plank_stays_where_it_is_all_the_way(slug: str) -> None:
    figure = figures()[slug]
    first = solve(figure.start).joints["right elbow"]
    for step in range(1, FRAMES):
        now = solve(between(figure.start, figure.end, step / (FRAMES - 1))).joints["right elbow"]
        assert max(abs(a - b) for a, b in zip(first, now, strict=True)) < 1.0


@pytest.mark.parametrize("slug", ["single-leg-bridge", "single-leg-deadlift"])
def test_level_hips_are_shown_where_the_view_from_the_side_hides_them(slug: str) -> None:
    figure = figures()[slug]
    lines = layout(key_of(figure)).lines
    assert "level" in figure.words[1] or "hips" in figure.words[1]
    assert [p.frames for p in figure.props if p.kind == "level hips"] == [("end",)]
    line = f'stroke="{palette.MOVE}"'
    assert line in figure_body(figure, "end", lines)
    assert line not in figure_body(figure, "start", lines)
