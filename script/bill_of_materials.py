"""Write what the site is made of, as CycloneDX 1.6 JSON: every locked package with its hashes.

    python -m script.bill_of_materials bill.json

Read from `requirements.txt`, so that it says what an installation gets; two runs write the same.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,]+\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str) -> dict[str, Any]:
    """The bill of a lock as pip reads it."""
    starts = [*PACKAGE.finditer(lock)]
    ends = [*(found.start() for found in starts[1:]), len(lock)]
    parts = [
        component(found[1], found[2], HASH.findall(lock[found.end() : end]))
        for found, end in zip(starts, ends, strict=True)
    ]
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    site = {"type": "application", "name": "chiro", "version": version[1] if version else ""}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": site},
        "components": parts,
    }


def component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    """One package: its files may be any of those with these hashes."""
    address = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(hashes)],
    }


def main() -> None:
    """Write the bill to the file that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m script.bill_of_materials FILE")
    made = bill((ROOT / "requirements.txt").read_text())
    Path(sys.argv[1]).write_text(json.dumps(made, indent=2) + "\n")


if __name__ == "__main__":
    main()
