"""People of a gathering over real HTTP, without a picture: a desk that taps and types letters, phones that send what they kept.

Everybody is a thread that presses one button after another, each with its key, and again with the same key until an answer comes.
"""

import random
import threading
import time
from collections import Counter
from http.client import HTTPException

from sqlalchemy import func, select

from campaign import queries
from campaign.extensions import db
from campaign.models import AttendanceStep, Deed, Invitee
from campaign.rules.attendance import IN_THE_HALL
from campaign.rules.roles import Role
from campaign.sealed import keys
from tests import builders, phone
from tests.client import Client

AT_A_DESK = {"HX-Request": "true", "HX-Target": "desk"}
AWAY = (502, 503, 504)  # no answer of the deed: a proxy without a server behind it, or a server that is busy


def kader(number: int, desa_codes: list[str], *, kabupaten="32.14"):
    """So many kader of the register, shared out over these desa; inside an open transaction."""
    return [
        builders.person(
            f"kader{n:04}",
            f"Ibu Kader {n:04}",
            Role.KADER,
            kabupaten=kabupaten,
            desa_code=desa_codes[n % len(desa_codes)],
        )
        for n in range(number)
    ]


class Hand(threading.Thread):
    """Somebody who presses: `presses` are (key, path, form). `answers` are (status, text) by key, once one came."""

    def __init__(self, server, name: str, presses=(), *, wait=0.0, pause=0.0, **headers):
        super().__init__(daemon=True)
        self.server, self.sign_in_name, self.presses, self.headers = server, name, presses, headers
        self.wait, self.pause = wait, pause
        self.answers, self.sent_again, self.wrong = {}, 0, None
        self.client = None

    def run(self):
        try:
            time.sleep(self.wait)
            self._patiently(self.enter)
            for key, path, form in self.presses:
                self.answers[key] = self._patiently(lambda path=path, form=form, key=key: self._press(path, form, key))
                time.sleep(self.pause)
        except Exception as wrong:
            self.wrong = wrong  # `all_done` says so

    def enter(self):
        self.client = self.client or Client(self.server).sign_in(self.sign_in_name)
        return self.client

    def _press(self, path, form, key):
        status, text, _leads_to = self.client.ask("POST", path, {"key": key} | form, timeout=10, **self.headers)
        if status in AWAY:
            raise ConnectionError(status)
        return status, text

    def _patiently(self, act):
        while True:
            try:
                return act()
            except (OSError, HTTPException, AttributeError):  # also half a page: no token on it
                self.sent_again += 1
                time.sleep(random.uniform(0.2, 0.6))  # not all at once at a server that is starting


def all_done(hands, *, seconds=120) -> None:
    """Until everybody has pressed everything. Raises what went wrong with any of them."""
    for hand in hands:
        hand.join(seconds)
        if hand.wrong or hand.is_alive():
            raise hand.wrong or TimeoutError(hand.sign_in_name)


def tap(invitee) -> tuple:
    return builders.key(), f"/pertemuan/meja/{invitee.id}/hadir", {}


def letter(invitee) -> tuple:
    return builders.key(), f"/pertemuan/{invitee.gathering_id}/meja/kode", {"code": invitee.code}


def at_the_door(gathering) -> tuple:
    """As a browser without script posts it."""
    return builders.key(), f"/hadir/{gathering.door_code}", {}


def kept(gathering, person, *, public: bytes, at=None) -> tuple:
    """As her phone's outbox sends what it has sealed."""
    nowhere = type("Nowhere", (), {"id": None})
    said = {"kind": "come", "campaign": None}
    at = at.isoformat() if at else None
    item = phone.item(person, nowhere, {"door": gathering.door_code}, public=public, at=at, but=said)
    return item["key"], "/kader/kotak", {"sealed": item["sealed"]}


# ---- What the ledger says ----


def standing(gathering) -> Counter:
    """How many stand where, by the newest line of the ledger about each; `present` besides: who takes a chair."""
    db.session.rollback()
    of_it = select(func.max(AttendanceStep.id)).join(Invitee).where(Invitee.gathering_id == gathering.id)
    newest = select(AttendanceStep.after).where(AttendanceStep.id.in_(of_it.group_by(AttendanceStep.invitee_id)))
    found = Counter(after for after in db.session.scalars(newest) if after)
    return Counter({after.value: n for after, n in found.items()}) + Counter(present=sum(found[s] for s in IN_THE_HALL))


def arrivals(gathering) -> list:
    """When each line was written that brought somebody in, the earliest first."""
    of_it = select(AttendanceStep.written_at).join(Invitee).where(Invitee.gathering_id == gathering.id)
    came = of_it.where(AttendanceStep.after.in_(IN_THE_HALL))
    return sorted(db.session.scalars(came))


def came_twice(gathering) -> int:
    """How many have more than one line that brought them in."""
    of_it = select(AttendanceStep.invitee_id).join(Invitee).where(Invitee.gathering_id == gathering.id)
    came = of_it.where(AttendanceStep.after.in_(IN_THE_HALL)).group_by(AttendanceStep.invitee_id)
    return len(db.session.scalars(came.having(func.count() > 1)).all())


def written(keys) -> set[str]:
    """Which of these keys the server has taken for a deed."""
    keys = list(keys)
    found = set()
    for n in range(0, len(keys), 500):
        found |= set(db.session.scalars(select(Deed.key).where(Deed.key.in_(keys[n : n + 500]))))
    return found


# ---- The power goes ----


def drill(server, cast, gathering, people, *, seconds: float, kills: int) -> dict:
    """Two desks sign in all of these people, every fifth of whom presses on her own phone too, while the server is killed so often.

    One desk taps, the other reads letters, each in an order of its own; a phone sends what its outbox kept and posts the button,
    and both once more. All of it is sent with its keys until it is answered. Answers what there is to see in the end.
    """
    invitees, shuffled = builders.invited(gathering, *people, by=cast.bu_lilis), random.Random(7)
    orders = [shuffled.sample(invitees, len(invitees)) for _ in range(2)]
    whose, hands = {}, []
    for name, order, press in (("lilis", orders[0], tap), ("wawan", orders[1], letter)):
        presses = [press(row) for row in order]
        whose |= {key: row.id for (key, *_), row in zip(presses, order, strict=True)}
        hands.append(Hand(server, name, presses, pause=seconds / len(people)))
    phones = list(zip(people, invitees, strict=True))[::5]
    for n, (person, row) in enumerate(phones):
        presses = [kept(gathering, person, public=keys.outbox_public), at_the_door(gathering)]
        whose |= {key: row.id for key, *_ in presses}
        hands.append(Hand(server, person.sign_in_name, presses * 2, wait=seconds * n / len(phones)))
    db.session.remove()
    for hand in hands:
        hand.start()
    back = []
    for _kill in range(kills):
        time.sleep(seconds / (kills + 1))
        server.kill()
        fallen = time.monotonic()
        server.start()
        back.append(time.monotonic() - fallen)
    all_done(hands, seconds=300)
    answers = {key: status for hand in hands for key, (status, _text) in hand.answers.items()}
    db.session.rollback()
    listed = select(Invitee.id).where(Invitee.gathering_id == gathering.id, Invitee.status.in_(IN_THE_HALL))
    here = set(db.session.scalars(listed))
    board = queries.turnout(db.session.get_one(type(gathering), gathering.id)).total
    return {
        "answered": len(answers),
        "refused": sum(status not in (200, 201, 303) for status in answers.values()),
        "sent again": sum(hand.sent_again for hand in hands),
        "signed in": len(here),
        "lost": len(answers.keys() - written(answers)) + len({whose[key] for key in answers} - here),
        "doubled": came_twice(gathering),
        "turnout": board.present - standing(gathering)["present"],
        "differences": len(queries.differences()),
        "back": max(back),
    }
