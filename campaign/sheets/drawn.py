"""The office's map drawn in a process of its own, with limits: 10 MB of borders can ask for more than the server has."""

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from campaign.rules.refusals import BadFile
from campaign.sheets import geojson

ROOT = Path(__file__).parent.parent.parent
MEMORY, SECONDS = 768 << 20, 30
TOO_MUCH = f"Peta ini terlalu besar untuk dibaca. {geojson.THIN}"


def shapes_apart(data: bytes, codes: set[str]) -> geojson.Map:
    """`geojson.shapes` in a child. Raises BadFile, also where the child ran out of memory or time."""
    if len(data) > geojson.MOST_BYTES:
        raise BadFile(f"Berkas peta lebih dari {geojson.MOST_BYTES >> 20} MB. {geojson.THIN}")
    told = json.dumps(sorted(codes)).encode() + b"\n" + data
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-m", __name__], input=told, capture_output=True, cwd=ROOT, env={}, timeout=SECONDS + 10
        )
    except subprocess.TimeoutExpired:
        raise BadFile(TOO_MUCH) from None
    if child.returncode:
        raise BadFile(TOO_MUCH)
    match json.loads(child.stdout):
        case str() as sentence:
            raise BadFile(sentence)
        case found:
            centroids = {code: tuple(point) for code, point in found["centroids"].items()}
            return geojson.Map(**found | {"centroids": centroids})


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    codes, data = sys.stdin.buffer.readline(), sys.stdin.buffer.read()
    try:
        print(json.dumps(asdict(geojson.shapes(data, set(json.loads(codes))))))
    except BadFile as bad:
        print(json.dumps(bad.sentence))


if __name__ == "__main__":
    main()
