"""The pose format: what its reader refuses, and what the solver does with a pose."""

from pathlib import Path
from typing import Any

import pytest

from exercises.figures import checks
from exercises.figures.pose_files import Figure, PoseFileError, figures, parse, read
from exercises.figures.skeleton import Arm, Leg, Pose
from exercises.figures.solving import PoseError, between, mirrored, solve
from exercises.figures.vectors import length, sub

GOOD: dict[str, Any] = {
    "title": "A raised arm",
    "kind": "exercise",
    "sides": "one",
    "worked": "right",
    "view": [0, 5],
    "words": ["Standing with both arms down.", "Standing with the {worked} arm raised."],
    "start": {"at": [0, 90, 0]},
    "end": {"right_arm": {"shoulder": [150, 0, 0], "elbow": 5}},
    "rules": [{"joint": "right wrist", "change": "rises", "least": 40}],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def test_a_good_file_is_read() -> None:
    figure = parse("raise", GOOD)
    assert isinstance(figure, Figure)
    assert figure.end.arms["right"].shoulder == (150.0, 0.0, 0.0)
    assert figure.muscle_sides() == ("right",)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (changed(colour="red"), "unknown key 'colour'"),
        (changed(kind="dance"), "kind"),
        (changed(sides="two"), "sides"),
        (changed(worked="upper"), "worked"),
        (changed(words=["Too short.", "Also."]), "words"),
        (changed(words=["Standing with both arms down."]), "words"),
        (changed(muscles=["biceps"]), "muscles"),
        (changed(rules=[]), "rules"),
        (changed(rules=[{"joint": "head", "change": "dances"}]), "rules"),
        (changed(view=[0]), "view"),
        (changed(start={"at": [0, "high", 0]}), "at"),
        (changed(start={"root": "floating"}), "root"),
        (changed(start={"third_leg": {}}), "third_leg"),
        (changed(start={"left_arm": "waving"}), "waving"),
        (changed(start={"left_leg": {"kne": 3}}), "kne"),
        (changed(props=[{"kind": "sofa"}]), "sofa"),
        (changed(arrows=[{"colour": "red"}]), "colour"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(PoseFileError, match=message):
        parse("broken", raw)


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("title = ")
    with pytest.raises(PoseFileError, match=r"bad\.toml"):
        read(path)


def test_a_target_out_of_reach_is_an_error_that_names_the_limb() -> None:
    with pytest.raises(PoseError, match="right leg: target"):
        solve(Pose(legs={"right": Leg(to=(0, -20, 0))}))
    with pytest.raises(PoseError, match="left arm"):
        solve(Pose(arms={"left": Arm(to=(200, 0, 0))}))


def test_a_sinking_foot_a_bent_back_knee_and_a_missed_floor_are_noticed() -> None:
    figure = parse("raise", GOOD)
    low = Pose(at=(0, 80, 0))
    assert any("under the floor" in fault for fault in checks.contacts(figure, low))
    back = Pose(legs={"left": Leg(knee=-30)})
    assert any("left knee" in fault for fault in checks.bones(figure, back))
    off = Pose(at=(0, 96, 0), contacts={"left foot": "floor"})
    assert any("left foot" in fault for fault in checks.contacts(figure, off))


def test_a_pose_in_between_starts_and_ends_where_it_should() -> None:
    for figure in figures().values():
        assert between(figure.start, figure.end, 0) == figure.start
        assert between(figure.start, figure.end, 1) == figure.end


def test_a_mirrored_body_is_its_own_mirror_image() -> None:
    body = solve(figures()["clamshell"].end)
    twice = mirrored(mirrored(body))
    for name, joint in body.joints.items():
        assert length(sub(joint, twice.joints[name])) < 1e-9
    assert mirrored(body).joints["right knee"][0] == -body.joints["left knee"][0]


def test_no_exercise_stands_on_its_head() -> None:
    for figure in figures().values():
        for pose in figure.poses:
            body = solve(pose)
            assert body.joints["head"][1] > body.joints["pelvis"][1] - 30


def test_every_pose_says_what_it_rests_on() -> None:
    for figure in figures().values():
        assert all(pose.contacts for pose in figure.poses), figure.slug
