"""The commands of `script/`: how they are used, and how they say what is missing."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from script.benchmarks.figures import Figure, report

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("bash", "env", "cat", "dirname", "ls", "sort", "id", "basename", "grep", "cut")
type Setup = Callable[..., subprocess.CompletedProcess[str]]


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says."""
    return subprocess.run(
        [str(part) for part in command],
        env=environment or None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def bare(tmp_path: Path) -> Setup:
    """Run `script/setup` on a machine that has nothing but a shell and the programs given."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "setup", tmp_path / "script")
    shutil.copy(ROOT / ".python-version", tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or tool)

    def setup(function: str, **written: str) -> subprocess.CompletedProcess[str]:
        for name, text in written.items():
            (programs / name.replace("_", "-")).write_text(text)
            (programs / name.replace("_", "-")).chmod(0o755)
        command = f"source {tmp_path}/script/setup; {function}"
        bash = shutil.which("bash") or "bash"
        return run(bash, "-c", command, PATH=str(programs), HOME=str(tmp_path))

    return setup


def assert_one_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Expect failure with one line that holds all these words."""
    assert result.returncode == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("name", ["setup", "server", "bench"])
def test_wrong_option_prints_the_usage(name: str) -> None:
    assert_one_sentence(run(ROOT / "script" / name, "--no-such-option"), "usage: script/" + name)


@pytest.mark.parametrize("port", ["0", "65536", "web", "", "80 80"])
def test_port_must_be_a_port(port: str) -> None:
    assert_one_sentence(run(ROOT / "script/server", "--port", port), "1 to 65535")


def test_missing_python_is_told_in_one_sentence(bare: Setup) -> None:
    assert_one_sentence(bare("ensure_venv"), "Python 3.12 or newer is missing", "python3-venv")


def test_old_python_counts_as_missing(bare: Setup) -> None:
    assert_one_sentence(bare("ensure_venv", python3="#!/bin/sh\nexit 1\n"), "is missing")


def test_missing_apt_is_told_in_one_sentence(bare: Setup) -> None:
    result = bare("ensure_debian_packages libpango-1.0-0")
    assert_one_sentence(result, "not Debian")


def test_missing_root_and_sudo_is_told_in_one_sentence(bare: Setup) -> None:
    result = bare(
        "id() { echo 1000; }; ensure_debian_packages libpango-1.0-0",
        dpkg_query="#!/bin/sh\nexit 1\n",
        apt_get="#!/bin/sh\nexit 1\n",
    )
    assert_one_sentence(result, "as root", "apt-get install libpango-1.0-0")


def test_only_missing_packages_are_installed(bare: Setup) -> None:
    result = bare(
        "id() { echo 0; }; ensure_debian_packages here not-here",
        dpkg_query='#!/bin/sh\ncase "$*" in *not-here) exit 1;; *) echo installed;; esac\n',
        apt_get='#!/bin/sh\necho "$@" >>"$HOME/asked"\n',
    )
    assert result.returncode == 0
    assert result.stdout.strip() == "Installing the Debian packages not-here."


def test_installed_packages_need_neither_apt_nor_root(bare: Setup) -> None:
    result = bare(
        "id() { echo 1000; }; ensure_debian_packages here",
        dpkg_query="#!/bin/sh\necho installed\n",
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_python_of_pyenv_is_found_by_version(bare: Setup, tmp_path: Path) -> None:
    versions = tmp_path / ".pyenv" / "versions"
    for version in ("3.11.7", "3.13.0", "3.13.2"):
        (versions / version / "bin").mkdir(parents=True)
        python = versions / version / "bin" / "python3"
        answer = "exit 1" if version == "3.11.7" else f"echo pyenv {version}"
        python.write_text(f"#!/bin/sh\n{answer}\n")
        python.chmod(0o755)
    assert bare("find_python").stdout.strip() == "pyenv 3.13.2"


def test_python_of_uv_is_found(bare: Setup, tmp_path: Path) -> None:
    python = tmp_path / "python3.12"
    python.write_text("#!/bin/sh\necho from uv\n")
    python.chmod(0o755)
    result = bare("find_python", uv=f"#!/bin/sh\necho {python}\n")
    assert result.stdout.strip() == "from uv"


def test_debian_python_without_venv_gets_its_package(bare: Setup) -> None:
    result = bare(
        "install_debian_packages() { echo asked $*; }; ensure_venv_module /usr/bin/nothing"
    )
    assert result.stdout.strip() == "asked nothing-venv"


def test_requirements_name_no_host_and_have_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert len(pins) > 20
        assert all(line.endswith("\\") for line in pins)


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "exec script/test" in script.read_text()


def test_figure_says_whether_its_goal_holds(capsys: pytest.CaptureFixture[str]) -> None:
    quick = Figure(name="assess", value=40, unit="µs", goal=50)
    slow = Figure(name="plan", value=60, unit="µs", goal=50)
    free = Figure(name="parse", value=60, unit="µs")
    with pytest.raises(SystemExit) as leaving:
        report([quick, free])
    assert leaving.value.code == 0
    with pytest.raises(SystemExit) as leaving:
        report([slow, quick])
    assert leaving.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "assess: 40.0 µs, goal 50.0 µs or less, holds"
    assert lines[2] == "plan: 60.0 µs, goal 50.0 µs or less, falls short"
