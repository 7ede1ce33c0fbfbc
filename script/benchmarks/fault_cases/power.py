"""What a disk holds after a power cut, worked out from the system calls of a program.

Works for SQLite, whose files lie in one folder, and for PostgreSQL, whose processes share a tree of
folders.

`strace` records every write, flush, rename and removal. A strict disk is assumed: a write counts
only after a flush of its file, and a new or removed name only after a flush of its folder. At each
moment that a program said "kept", the files as they would be found are laid out and looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

CALLS = (
    "pwrite64,pwritev,write,sendto,fdatasync,fsync,unlink,unlinkat,ftruncate,openat,rename,mkdir"
)
CONTROL = "pg_control"
"""The one file that PostgreSQL writes without saying where: from its beginning."""

LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
CALL_CUT = re.compile(r"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
CALL_REST = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
PLACE = re.compile(r"<((?:\\x[0-9a-f]{2})+)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
NUMBERS = re.compile(r", (\d+), (\d+)$")


def tracer(trace: Path, processes: Iterable[int] = ()) -> list[str]:
    """What to put before a command to have its system calls recorded, and those of processes."""
    options = ["-f", "-y", "-xx", "-s", "1048576", "-e", f"trace={CALLS}", "-o", str(trace)]
    return ["strace", *options, *(f"--attach={one}" for one in processes)]


@dataclass(frozen=True)
class Call:
    """One system call: its name, the file it is about, its text and its numbers."""

    name: str
    path: str
    text: bytes
    numbers: tuple[int, ...]
    flags: str
    target: str = ""


def calls(trace: Path, begin: int = 0) -> Iterator[Call]:
    """Yield the calls that succeeded, in the order in which they ended, from a byte on."""
    begun: dict[str, tuple[str, str]] = {}
    for line in trace.read_bytes()[begin:].decode().splitlines():
        if cut := CALL_CUT.match(line):
            begun[cut[1]] = (cut[2], cut[3])
        elif rest := CALL_REST.match(line):
            name, words = begun.pop(rest[1], ("", ""))
            if whole := LINE.match(f"{name}({words}{rest[2]}"):
                yield from _call(*whole.groups())
        elif whole := LINE.match(line):
            yield from _call(*whole.groups())


def _call(name: str, words: str, result: str) -> Iterator[Call]:
    if int(result) < 0:
        return
    texts, places = TEXT.findall(words), PLACE.findall(words)
    named = name in ("unlink", "unlinkat", "openat", "rename", "mkdir")
    path = _bytes(texts[0] if named and texts else places[0] if places else "").decode()
    numbers = tuple(int(n) for n in re.findall(r", (\d+)", TEXT.sub("", words)))
    text = _bytes("".join(texts)) if texts and not named else b""
    target = _bytes(texts[1]).decode() if name == "rename" else ""
    yield Call(name, path, text, numbers, words if name == "openat" else "", target)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


@dataclass
class File:
    """What programs see in a file, and what the disk would give back."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytes = b""


@dataclass
class Disk:
    """A folder and those in it: names as programs see them and as the disk would give them back."""

    folder: Path
    seen: dict[str, File] = field(default_factory=dict)
    kept: dict[str, File] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Path) -> "Disk":
        """A disk that holds what is in this folder now."""
        disk = cls(folder)
        for path in folder.rglob("*"):
            disk.folders.add(path if path.is_dir() else path.parent)
            if path.is_file():
                content = path.read_bytes()
                disk.seen[str(path)] = File(bytearray(content), content)
        disk.kept = dict(disk.seen)
        return disk

    def apply(self, call: Call) -> None:
        """Follow one system call."""
        path = self.folder / call.path  # a path from the folder on, or a whole one
        if path != self.folder and not path.is_relative_to(self.folder):
            return
        if call.name in ("fsync", "fdatasync") and path in (self.folder, *self.folders):
            self._keep_names(path)
        else:
            self._apply(replace(call, path=str(path)))

    def _keep_names(self, folder: Path) -> None:
        """What a folder holds is kept by that name from now on."""
        elsewhere = {n: file for n, file in self.kept.items() if Path(n).parent != folder}
        self.kept = elsewhere | {n: f for n, f in self.seen.items() if Path(n).parent == folder}

    def _apply(self, call: Call) -> None:
        match call.name:
            case "openat" if "O_CREAT" in call.flags:
                self.seen.setdefault(call.path, File())
            case "unlink" | "unlinkat":
                self.seen.pop(call.path, None)
            case "mkdir":
                self.folders.add(Path(call.path))
            case "rename":
                if moved := self.seen.pop(call.path, None):
                    self.seen[str(self.folder / call.target)] = moved
            case "write" if call.path.endswith(CONTROL) and call.path in self.seen:
                self._write(self.seen[call.path].seen, call.text, 0)
            case "pwrite64" | "pwritev" if call.path in self.seen:
                self._write(self.seen[call.path].seen, call.text, call.numbers[-1])
            case "ftruncate" if call.path in self.seen:
                content, size = self.seen[call.path].seen, call.numbers[-1]
                content[:] = content[:size].ljust(size, b"\0")
            case "fsync" | "fdatasync" if call.path in self.seen:
                file = self.seen[call.path]
                file.kept = bytes(file.seen)

    @staticmethod
    def _write(file: bytearray, text: bytes, offset: int) -> None:
        if len(file) < offset:
            file.extend(bytes(offset - len(file)))
        file[offset : offset + len(text)] = text

    def lay_out(self, target: Path) -> None:
        """Write the files as they would be found after a power cut now."""
        for folder in (self.folder, *self.folders):
            (target / folder.relative_to(self.folder)).mkdir(parents=True, exist_ok=True)
        for path, file in self.kept.items():
            (target / Path(path).relative_to(self.folder)).write_bytes(file.kept)


def cuts(
    disk: Disk, found: Iterable[Call], said: Callable[[Call], str], scratch: Path
) -> Iterator[tuple[str, Path]]:
    """Yield, each time that `said` reads a promise in a call, it and the files after a cut."""
    number = 0
    for call in found:
        disk.apply(call)
        if promise := said(call):
            number += 1
            disk.lay_out(scratch / str(number))
            yield promise, scratch / str(number)
