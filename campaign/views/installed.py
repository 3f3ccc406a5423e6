"""What a phone keeps of us: the service worker, the manifest that makes it installable, and which version they are of."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, make_response, url_for

from campaign import actions
from campaign.access import public
from campaign.sealed import KeyState, keys
from campaign.views.answers import me
from campaign.words import static_url

bp = Blueprint("installed", __name__)


@bp.record_once
def _settle_version(state):
    # When the server starts, and so the same in all its processes; not when a page first asks.
    folders = (Path(state.app.static_folder), Path(state.app.root_path) / state.app.template_folder)
    files = sorted(file for folder in folders for file in folder.rglob("*.*") if file.is_file())
    digest = sha256(b"".join(sha256(file.read_bytes()).digest() for file in files))
    state.app.extensions["version"] = digest.hexdigest()[:12]


def version() -> str:
    """Changes with anything a phone may keep: static files and templates."""
    return current_app.extensions["version"]


def public_key() -> str:
    """What a phone seals to; empty while the key file is not the right one: nobody could ever open what was sealed to another."""
    return b64encode(keys.outbox_public).decode() if actions.settle_key() == KeyState.RIGHT else ""


def shell(page: str) -> Response:
    """A page as the service worker keeps it: whose it is, by id only, and of which version."""
    answer = make_response(page)
    answer.headers |= {"X-Shell-Owner": str(me().id), "X-Shell-Version": version()}
    return answer


def worker() -> str:
    """The service worker's address, empty where the office has switched it off."""
    return url_for("installed.service_worker") if current_app.config["SETTINGS"].has_service_worker else ""


@bp.get("/sw.js")
@public
def service_worker():
    """At the root, so that it may look after every page; never kept, so that a new one, or the switch, arrives at once."""
    is_on = current_app.config["SETTINGS"].has_service_worker
    file = Path(current_app.static_folder) / ("sw.js" if is_on else "sw-off.js")
    head = (
        f"const VERSION = {json.dumps(version())}, OUTBOX = {json.dumps(static_url('outbox.js'))};\n" if is_on else ""
    )
    return head + file.read_text(), {"Content-Type": "text/javascript; charset=utf-8"}


@bp.get("/manifest.webmanifest")
@public
def manifest():
    sizes = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
    icons = [
        {"src": static_url(file), "sizes": size, "type": "image/png", "purpose": purpose}
        for file, size in sizes.items()
        for purpose in ("any", "maskable")
    ]
    told = jsonify(
        id="/",
        name="Kampanye KB",
        short_name="Kampanye",
        lang="id",
        start_url=url_for("kader.home"),
        scope="/",
        display="standalone",
        background_color="#fbfaf6",
        theme_color="#16202a",
        icons=icons,
    )
    return told, {"Content-Type": "application/manifest+json"}
