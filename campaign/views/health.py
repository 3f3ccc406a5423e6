"""For the machine that watches: is the server alive, can it write."""

from flask import Blueprint, jsonify

from campaign import actions
from campaign.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz():
    return jsonify(ok=True, reason="alive")


@bp.get("/readyz")
@public
def readyz():
    """200 when deeds can be written; 503 with the reason when they cannot."""
    reason = actions.why_not_writable()
    return jsonify(ok=not reason, reason=reason or "can write"), 503 if reason else 200
