"""Browsers somebody is known on: a PIN for this one, the end of a lost one, and what its outbox still holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from campaign.actions import keeping, sessions
from campaign.actions.deeds import Claim, deed
from campaign.actions.transaction import now, write
from campaign.extensions import db
from campaign.models import Device, SignIn
from campaign.sealed import token_hash


@deed("set_pin", apart=frozenset({"pin_hash", "but"}))
def set_pin(claim: Claim, device: Device, *, pin_hash: str, but: str) -> Device:
    """My PIN for this browser. Where it had one, every other sign-in of mine ends; `but` is this one's token."""
    if device.pin_hash:
        sessions.end_all(claim.by.id, at=claim.at, but=token_hash(but))
    device.pin_hash, device.pin_tries = pin_hash, 0
    return device


@deed("revoke_device")
def revoke_device(claim: Claim, device: Device) -> Device:
    """It was lost, sold or lent: its sign-ins end at once, and its PIN is worth nothing."""
    device.revoked_at = claim.at
    there = (SignIn.device_id == device.id, SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*there).values(ended_at=claim.at))
    if claim.by.id != device.person_id:
        change = {"person_id": device.person_id, "before": {"device": device.name}}
        keeping.note_changes("device_revoked", change, at=claim.at, by_id=claim.by.id)
    return device


def tell_unsent(
    device_id: UUID | None,
    *,
    by,
    unsent: int,
    parked: int,
    oldest_unsent_at: datetime | None,
    at: datetime | None = None,
) -> None:
    """This browser says how many registrations of hers it still holds: waiting, and to be mended. In a transaction of its own.

    It is no deed: it may come twice or not at all, and the newest says all.
    """
    hers = update(Device).where(Device.id == device_id, Device.person_id == by.id)
    told = {"unsent": unsent, "parked": parked, "told_at": at or now()}
    write(hers.values(**told, oldest_unsent_at=oldest_unsent_at if unsent or parked else None))
