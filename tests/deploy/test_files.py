"""The files of `deploy/`: systemd takes the units, containers run without rights or secrets."""

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import ROOT
from tests.test_docs import read_variables

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
OURS = ("upgrade", "web", "worker", "clock")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVED = COMPOSE["services"]
SECRETS = re.compile(r"(SECRET_KEY|PASSWORD|TOKEN|DATABASE_URL)$")
MOST_EXPOSED = 2.0
FLOORS = {
    "django": "6.1.3",
    "django-allauth": "65.21",
    "gunicorn": "23.0",
    "pillow": "11.3",
    "cryptography": "44.0.1",
    "weasyprint": "70",
    "pikepdf": "9",
    "fonttools": "4.60.2",
}
"""Below these, a fault that has been published can be used against the site."""


# --- systemd ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of the units whose programs are on this computer."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("Not run: systemd is not installed (Debian: systemd)")
    folder = tmp_path_factory.mktemp("units")
    shutil.copytree(DEPLOY / "systemd", folder, dirs_exist_ok=True)
    for path in folder.glob("*.service"):
        text = re.sub(r"/opt/chiro/.venv/bin/\w+", "/usr/bin/true", path.read_text())
        path.with_name(path.name.replace("@.", "@1.")).write_text(text)
        path.write_text(text)
    return sorted(folder.glob("*.service")) + sorted(folder.glob("*.timer"))


def test_systemd_takes_every_unit(units: list[Path]) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


def test_no_unit_may_do_much_to_the_computer(units: list[Path]) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    for path in units:
        if path.suffix == ".service" and "@." not in path.name:
            run = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
            found = re.search(r"exposure level for \S+: ([\d.]+)", run.stdout)
            assert found, run.stdout
            assert float(found[1]) < MOST_EXPOSED, path.name


def test_units_start_programs_and_commands_that_are_there() -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    commands |= {path.stem for path in ROOT.glob("*/*/management/commands/*.py")}
    for path in SERVICES:
        for command in re.findall(r"manage\.py (\w+)", path.read_text()):
            assert command in commands, path.name


def test_every_timer_has_its_service() -> None:
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service").exists()


# --- Containers ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SERVED)
def test_a_container_has_no_rights_and_a_file_system_that_is_read_only(name: str) -> None:
    service: dict[str, Any] = SERVED[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
    assert "privileged" not in service
    assert "/var/run/docker.sock" not in str(service)


@pytest.mark.parametrize("name", ["caddy", "worker", "database"])
def test_a_container_says_whether_it_is_well(name: str) -> None:
    assert SERVED[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVED)
def test_secrets_come_from_files_only(name: str) -> None:
    for variable in SERVED[name].get("environment", {}):
        assert not SECRETS.search(variable), variable
    assert set(SERVED[name].get("secrets", [])) <= set(COMPOSE["secrets"])


def test_only_the_proxy_is_reached_from_outside_and_the_database_only_from_inside() -> None:
    assert [name for name, service in SERVED.items() if "ports" in service] == ["caddy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVED["database"]["networks"] == ["inside"]


def test_every_variable_that_a_container_gets_is_read() -> None:
    known = read_variables()
    for name in OURS:
        for variable in SERVED[name]["environment"]:
            assert variable.removesuffix("_FILE") in known or variable in known
    for line in (DEPLOY / "chiro.env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            assert line.partition("=")[0] in known


def test_docker_takes_the_composition(tmp_path: Path) -> None:
    if subprocess.run(
        ["docker", "compose", "version"], capture_output=True, check=False
    ).returncode:
        pytest.skip("Not run: docker with compose is not installed")
    folder = Path(shutil.copytree(DEPLOY, tmp_path / "deploy"))
    shutil.copy(folder / "chiro.env.example", folder / "chiro.env")
    run = subprocess.run(
        ["docker", "compose", "--file", str(folder / "compose.yaml"), "config", "--quiet"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "SITE": "clinic.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_image_runs_without_rights_from_locked_packages() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    steps = re.findall(r"^([A-Z]+) (.+)$", text, re.MULTILINE)
    assert ("USER", "10001:10001") in steps
    assert "--require-hashes" in text
    assert "HEALTHCHECK" in dict(steps)
    copied = [words.split()[0] for step, words in steps if step == "COPY" and "--from" not in words]
    assert all((ROOT / name).exists() for name in copied)
    assert not [words for step, words in steps if step == "FROM" and ":" not in words]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_secrets_are_made_once_and_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    script = Path(shutil.copy(DEPLOY / "make-secrets", tmp_path))
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert len(made["secret_key"]) >= 50
    assert made["database_password"] in made["database_url"]
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made


# --- What is in it ---------------------------------------------------------------------------


def locked() -> dict[str, Version]:
    """Name and version of every package of the lock."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", lock(), re.MULTILINE)
    return {name.lower(): Version(version) for name, version in found}


def lock() -> str:
    """The text of the lock."""
    return (ROOT / "requirements.txt").read_text()


def test_every_locked_package_has_its_hashes() -> None:
    for block in re.split(r"\n(?=\w)", lock())[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("name", FLOORS)
def test_no_package_is_older_than_its_last_security_fix(name: str) -> None:
    assert locked()[name] >= Version(FLOORS[name])


def test_lock_fits_what_is_asked_for() -> None:
    for line in (ROOT / "requirements.in").read_text().splitlines():
        if line and not line.startswith("#"):
            asked = Requirement(line)
            if asked.name.lower() in locked():
                assert locked()[asked.name.lower()] in asked.specifier


def test_bill_of_materials_names_every_package_with_its_hashes(tmp_path: Path) -> None:
    from script import bill_of_materials

    bill = bill_of_materials.bill(lock())
    assert bill["bomFormat"] == "CycloneDX"
    told = {part["name"]: part for part in bill["components"]}
    assert {name.lower() for name in told} == set(locked())
    assert told["django"]["purl"] == f"pkg:pypi/django@{told['django']['version']}"
    assert all(part["hashes"] for part in told.values())
    run = subprocess.run(
        [sys.executable, "-m", "script.bill_of_materials", str(tmp_path / "bill.json")],
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0
    assert (tmp_path / "bill.json").stat().st_size > 1000
