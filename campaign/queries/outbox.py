"""What a phone kept while it had no signal: opened here, for its own account, and nowhere else."""

import json
from base64 import b64decode
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from campaign.rules import phone_clock
from campaign.rules.refusals import OthersItem, Unreadable
from campaign.sealed import CannotOpen, keys

VERSION = 1
MOST_FIELDS = 200


class ItemKind(StrEnum):
    """What a phone keeps. An item of an older page does not say: it is a registration."""

    REGISTER = "register"
    COME = "come"


class Kept(NamedTuple):
    """A form as it lay on the phone."""

    kind: ItemKind
    campaign_id: UUID | None  # of a registration
    form: list[tuple[str, str]]  # what was typed, as a browser would have posted it
    claimed_at: datetime | None  # by the phone's clock


def kept(sealed: str, *, key: str, by) -> Kept:
    """Open what was sealed under this key. Raises Unreadable, OthersItem."""
    try:
        said = json.loads(keys.open_envelope(b64decode(sealed, validate=True), key.encode()))
        if said["v"] != VERSION or said["key"] != key:
            raise Unreadable
        fields = parse_qsl(said["form"], keep_blank_values=True, max_num_fields=MOST_FIELDS)
        kind = ItemKind(said.get("kind", ItemKind.REGISTER))
        campaign_id = UUID(said["campaign"]) if kind == ItemKind.REGISTER else None
        opened = Kept(kind, campaign_id, fields, phone_clock.claimed(said["at"]))
        owner = UUID(said["owner"])
    except (CannotOpen, ValueError, KeyError, TypeError, AttributeError, RecursionError) as reason:
        raise Unreadable from reason
    if owner != by.id:
        raise OthersItem
    return opened
