"""The browser's libraries and fonts are the very files that tools/vendor.sh fetched."""

import hashlib
import shutil
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"


def differences(vendor):
    """Names that are changed, missing, or not on the list."""
    lines = (vendor / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    return sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name))


def test_what_is_vendored_is_what_was_fetched():
    assert differences(VENDOR) == [], "Never edit these by hand: change tools/vendor.sh, run it, commit both."


def test_each_vendored_package_brings_its_licence():
    packages = [folder for folder in VENDOR.iterdir() if folder.is_dir()]
    assert packages
    assert not [folder.name for folder in packages if not (folder / "LICENSE").is_file()]


def test_a_changed_a_missing_and_a_foreign_file_would_be_seen(tmp_path):
    vendor = Path(shutil.copytree(VENDOR, tmp_path / "vendor"))
    changed, missing = sorted(path for path in vendor.rglob("*.js"))[:2]
    changed.write_bytes(changed.read_bytes() + b"\n")
    missing.unlink()
    (vendor / "foreign.js").write_text("")

    assert set(differences(vendor)) == {
        changed.relative_to(vendor).as_posix(),
        missing.relative_to(vendor).as_posix(),
        "foreign.js",
    }
