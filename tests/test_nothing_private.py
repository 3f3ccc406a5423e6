"""What names a machine or a registry stays out of the files that every machine reads."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALWAYS_THERE = ("requirements*.in", "requirements*.txt", "pyproject.toml", "Makefile", "tools/*", ".ci/run")
PERHAPS_THERE = ("package-lock.json", ".npmrc", "tests/**/package-lock.json", "tests/**/.npmrc")

PRIVATE = re.compile(
    r"""
      https?://(?!127\.0\.0\.1|localhost)       # a host that is not this very machine
    | file://
    | --(extra-)?index-url | --default-index | --find-links | --trusted-host
    | ^-[fi]\s                                  # their short forms in a requirements file
    | ^[\w.\-\[\],]+\s*@\s                      # a requirement by address
    | "resolved"                                # npm's note of where a package lay
    | \bregistry\s*= | _auth
    | (?<![\w.])/(root|home|Users)/
    """,
    re.VERBOSE | re.MULTILINE,
)


def files(pattern):
    return [path for path in sorted(ROOT.glob(pattern)) if path.is_file() and "node_modules" not in path.parts]


@pytest.mark.parametrize("pattern", ALWAYS_THERE + PERHAPS_THERE)
def test_no_file_names_a_registry_or_a_machine(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {hit.group().strip()!r}"
        for path in files(pattern)
        for hit in PRIVATE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"Every machine reads these files; take out what belongs to one: {found}"


@pytest.mark.parametrize("pattern", ALWAYS_THERE)
def test_the_files_to_look_into_are_there(pattern):
    assert files(pattern), f"{pattern} matches nothing any more: mend the list above, or it guards an empty room."


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url file:///srv/mirror/simple",
        "--index-url https://packages.example/simple",
        "--find-links /srv/wheels",
        "--trusted-host packages.example",
        "-i packages.example/simple",
        "flask @ git+ssh://git.example/flask",
        "flask==3.1.3 --hash=sha256:00 # from http://packages.example",
        '      "resolved": "packages.example/htmx.org-2.0.11.tgz",',
        "registry=packages.example",
        "//packages.example/:_authToken=abc",
        "cp /home/somebody/wheels/x.whl .",
    ],
)
def test_such_a_line_would_be_seen(line):
    assert PRIVATE.search(f"first line\n{line}\nlast line\n")


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.1.3 \\",
        "    --hash=sha256:f4bf2a3f2f9c0e8a",
        "    #   -r requirements.in",
        "run: ## the demonstration campaign on http://127.0.0.1:8000",
        "env -u UV_INDEX_URL -u UV_FIND_LINKS uv pip compile",
        '    "integrity": "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap==",',
    ],
)
def test_an_ordinary_line_is_left_alone(line):
    assert not PRIVATE.search(f"first line\n{line}\nlast line\n")


@pytest.mark.parametrize("path", files("requirements*.txt"), ids=lambda path: path.name)
def test_every_locked_package_carries_its_hashes(path):
    pins = re.findall(r"^([\w.\-\[\]]+==.*?)(?=^\S|\Z)", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert pins
    assert not [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin]
