"""kill -9 of the whole server during a stream of registrations, and of sign-ins at a gathering on both engines.

Nothing acknowledged is lost, nothing is doubled.

Clients send like phones do: each form with its key, again with the same key until an answer comes.
"""

import random
import sys
import threading
import time
from http.client import HTTPException

from bench.stage import on_both_engines, stage, verdict
from campaign import queries
from campaign.actions.transaction import writing
from campaign.extensions import db
from campaign.models import Akseptor, Deed
from tests import builders, hall
from tests.browser.conftest import Server
from tests.builders import key
from tests.client import Client

CLIENTS, SECONDS, KILLS = 6, 30, 10
KADER = 200
DESA = ["32.14.12.2001", "32.14.12.2002", "32.14.01.1001"]


class Phone(threading.Thread):
    """Registers one woman after another and never gives up on a form."""

    def __init__(self, server, campaign_id, number, until):
        super().__init__(daemon=True)
        self.campaign_id, self.number, self.until = campaign_id, number, until
        self.client, self.acknowledged, self.sent_again = Client(server), {}, 0

    def run(self):
        self._patiently(lambda: self.client.sign_in("sari"))
        count = 0
        while time.monotonic() < self.until:
            count += 1
            form = {"key": key(), "name": f"Neng {self.number}-{count}", "wanted": "iud", "no_nik_reason": "hilang"}
            form |= {"has_consent": "y", "is_counselled": "y"}
            self._patiently(lambda form=form: self._send(form))

    def _send(self, form):
        path = f"/kader/{self.campaign_id}/daftar"
        status, text, _leads_to = self.client.ask("POST", path, form, timeout=10, Accept="application/json")
        if status not in (200, 201):
            raise ConnectionError(f"{status} {text[:200]}")
        self.acknowledged[form["key"]] = form["name"]

    def _patiently(self, send):
        while True:
            try:
                return send()
            except (OSError, HTTPException, AttributeError):
                self.sent_again += 1
                time.sleep(0.1)


def registrations() -> bool:
    with stage() as cast:
        server = Server(cast.folder).start()
        until = time.monotonic() + SECONDS
        phones = [Phone(server, cast.campaign.id, number, until) for number in range(CLIENTS)]
        for phone in phones:
            phone.start()
        back = []
        for _kill in range(KILLS):
            time.sleep(random.uniform(1, SECONDS / KILLS))
            server.kill()
            fallen = time.monotonic()
            server.start()
            back.append(time.monotonic() - fallen)
        for phone in phones:
            phone.join(60)
        server.stop()
        db.session.remove()
        acknowledged = {k: name for phone in phones for k, name in phone.acknowledged.items()}
        names = db.session.scalars(db.select(Akseptor.name)).all()
        kept = set(db.session.scalars(db.select(Deed.key).where(Deed.kind == "register")))
        lost, doubled = len(acknowledged.keys() - kept), len(names) - len(set(names))
        missing, clean = len(set(acknowledged.values()) - set(names)), queries.differences() == []
        again = sum(phone.sent_again for phone in phones)
    seen = (
        f"{len(acknowledged)} acknowledged, {again} sent again, {lost + missing} lost, {doubled} doubled, back in "
        f"{max(back):.1f} s at most, recount {'clean' if clean else 'NOT clean'}"
    )
    is_met = not lost and not missing and not doubled and clean and len(acknowledged) > 100
    return verdict(f"{KILLS} × kill -9 in {SECONDS} s", "0 lost, 0 doubled, clean", seen, is_met)


def sign_ins(engine: str, postgresql) -> bool:
    """Two desks and the phones of every fifth kader, each sending until it is answered (tests/hall.py `drill`)."""
    with stage(engine, postgresql=postgresql) as cast:
        with writing():
            people = hall.kader(KADER, DESA)
        url = db.engine.url.render_as_string(hide_password=False)
        server = Server(cast.folder, database_url=url).start()
        try:
            told = hall.drill(server, cast, builders.gathering(cast.bu_lilis), people, seconds=SECONDS, kills=KILLS)
        finally:
            server.stop()
    wrong = {name: told[name] for name in ("refused", "lost", "doubled", "turnout", "differences") if told[name]}
    seen = (
        f"{told['answered']} presses answered, {told['sent again']} sent again, {told['signed in']} of {KADER} signed in, "
        f"{wrong or 'none refused, lost or doubled, turnout = ledger, recount clean'}, back in {told['back']:.1f} s at most"
    )
    return verdict(
        f"{KILLS} × kill -9 while people sign in, {engine}",
        "0 lost, 0 doubled, turnout = ledger",
        seen,
        not wrong and told["sent again"] > KILLS and told["signed in"] == KADER,
    )


if __name__ == "__main__":
    sys.exit(not all([registrations(), on_both_engines(sign_ins, is_durable=True)]))
