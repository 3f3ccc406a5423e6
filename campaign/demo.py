"""The demonstration campaign: the real areas of Purwakarta, invented people, today in its middle.

Everything is done by the same deeds as in real life, only at earlier moments, so the ledger is one that could have been. Women's
NIK have serials 9001–9999 and phones begin 0820, which no real person has. Weights and working areas are made up ("contoh").
"""

import os
import secrets
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from campaign import actions
from campaign.actions import places, sessions, staff, start, targets
from campaign.actions.transaction import now, writing
from campaign.demo_gatherings import Gatherings
from campaign.extensions import db
from campaign.models import Akseptor, Booking, Campaign, Desa, Person, PointKind, ServiceDay
from campaign.rules import invented
from campaign.rules.apportionment import Way
from campaign.rules.methods import Method, Participant
from campaign.rules.passphrase import passphrase
from campaign.rules.roles import Role
from campaign.rules.service_facts import Act, Insurance, ServiceFacts, Source
from campaign.rules.setup import SetupStep
from campaign.sealed import keys

KABUPATEN, NAME, HEADLINE = "32.14", "1831 MKJP", 1831
OWN_TARGET = 60  # of Ibu Sari's desa, agreed beside the split: she finds more women than its weight would ask for
WOMEN = 900

# Name and kecamatan of the 20 puskesmas are facts; which desa the shared ones serve is not known and made up.
PUSKESMAS = {
    "Purwakarta": "32.14.01", "Munjuljaya": "32.14.01", "Koncara": "32.14.01", "Campaka": "32.14.02", "Jatiluhur": "32.14.03",
    "Plered": "32.14.04", "Sukatani": "32.14.05", "Darangdan": "32.14.06", "Maniis": "32.14.07", "Tegalwaru": "32.14.08",
    "Wanayasa": "32.14.09", "Pasawahan": "32.14.10", "Bojong": "32.14.11", "Maracang": "32.14.12", "Mulyamekar": "32.14.12",
    "Bungursari": "32.14.13", "Cibatu": "32.14.14", "Sukasari": "32.14.15", "Pondoksalam": "32.14.16", "Kiarapedes": "32.14.17",
}  # fmt: skip
SAUNG_AMBU = {
    "Ciririp": "Sukasari", "Parungbanteng": "Sukasari", "Ciramahilir": "Maniis", "Wanawali": "Cibatu", "Cihanjawar": "Bojong",
    "Gandasoli": "Plered",
}  # fmt: skip


def load(*, scale: float, seed: int, canary: str | None, say) -> None:
    """Fill an empty database; passwords are new for each install and kept in a 0600 file."""
    Demo(scale, seed, say).load()
    if canary:
        _write_canary(canary)


class Demo:
    def __init__(self, scale: float, seed: int, say):
        self.scale, self.seed, self.random, self.say = scale, seed, Random(seed), say  # noqa: S311  invented people, no secrets
        self.at, self.used_niks = now(), set()

    def load(self) -> None:
        actions.settle_key()
        self._set_up()
        self._open_days()
        self._live_through()
        self.gatherings.hold()
        db.session.remove()

    # ---- The office ----

    def _set_up(self) -> None:
        with writing():
            start.load_areas(KABUPATEN)
            self.zone = ZoneInfo("Asia/Jakarta")
            self.today = self.at.astimezone(self.zone).date()
            self.opens_on, self.closes_on = self.today - timedelta(days=21), self.today + timedelta(days=22)
            self._points()
            self._people()
        self.gatherings = Gatherings(
            today=self.today, at=self.at, zone=self.zone, seed=self.seed, kabupaten=KABUPATEN, kader=self.kader, office=self.office
        )  # fmt: skip
        self._campaign()

    def _points(self) -> None:
        inside = defaultdict(list)
        for desa in db.session.scalars(select(Desa).order_by(Desa.code)):
            inside[desa.kecamatan_code].append(desa.code)
        sharing = defaultdict(list)
        for name, kecamatan in PUSKESMAS.items():
            sharing[kecamatan].append(name)
        self.points, self.works_for = {}, defaultdict(list)
        for name, kecamatan in PUSKESMAS.items():
            point = places.write_point(
                KABUPATEN, name=f"Puskesmas {name}", kind=PointKind.PUSKESMAS, kecamatan_code=kecamatan
            )
            among = sharing[kecamatan]
            codes = inside[kecamatan][among.index(name) :: len(among)]
            places.work_for(point, codes)
            self.points[name] = point.id
            for code in codes:
                self.works_for[code].append(point.id)
        self.saung = {}
        for name, induk in SAUNG_AMBU.items():
            saung = places.write_point(
                KABUPATEN,
                name=f"Saung Ambu {name}",
                kind=PointKind.SAUNG_AMBU,
                kecamatan_code=PUSKESMAS[induk],
                induk_id=self.points[induk],
            )
            self.saung[name] = saung.id
        places.write_point(KABUPATEN, name="RSUD Bayu Asih", kind=PointKind.RUMAH_SAKIT, kecamatan_code="32.14.01")
        self.desa_codes = [code for codes in inside.values() for code in codes]

    def _people(self) -> None:
        own = {code for code, points in self.works_for.items() if self.points["Maracang"] in points}
        self.own_desa = min(own)
        babakancikao = [code for code in self.desa_codes if code.startswith("32.14.12.")]
        shown = {
            "lilis": {"name": "Bu Lilis", "role": Role.DPPKB, "is_admin": True},
            "dedi": {"name": "Pak Dedi", "role": Role.BUPATI},
            "wawan": {"name": "Pak Wawan", "role": Role.PLKB, "desa_codes": babakancikao},
            "ratna": {"name": "Bidan Ratna", "role": Role.PUSKESMAS, "service_point_id": self.points["Maracang"], "is_head": True},
            "sari": {"name": "Ibu Sari", "role": Role.KADER, "desa_code": self.own_desa},
        }  # fmt: skip
        lines = []
        for name, who in shown.items():
            password = passphrase(secrets.token_bytes(16))
            self._enlist(name, sessions.hash_password(password), **who)
            lines.append(f"{who['role']:10} {name:8} {password}")
        path = current_app.config["SETTINGS"].accounts_file
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")

        self.kader = {self.own_desa: self._id_of("sari")}
        for number, code in enumerate(c for c in self.desa_codes if c != self.own_desa):
            name = f"Ibu {self.random.choice(invented.LAST)}"
            self._enlist(f"kader{number + 1}", sessions.NO_PASSWORD, name=name, role=Role.KADER, desa_code=code)
            self.kader[code] = self._id_of(f"kader{number + 1}")
        self.staff = {self.points["Maracang"]: self._id_of("ratna")}
        for name, point_id in self.points.items():
            if point_id not in self.staff:
                sign_in_name = f"bidan.{name.lower()}"
                self._enlist(
                    sign_in_name,
                    sessions.NO_PASSWORD,
                    name=f"Bidan {name}",
                    role=Role.PUSKESMAS,
                    service_point_id=point_id,
                )
                self.staff[point_id] = self._id_of(sign_in_name)
        self.office = self._id_of("lilis")

    def _enlist(self, sign_in_name, password_hash, **who):
        staff.enlist(KABUPATEN, password_hash=password_hash, sign_in_name=sign_in_name, **who)

    def _id_of(self, sign_in_name) -> UUID:
        return db.session.scalar(select(Person.id).where(Person.sign_in_name == sign_in_name))

    def _by(self, person_id) -> Person:
        return db.session.get_one(Person, person_id)

    def _key(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def _campaign(self) -> None:
        by, first = self._by(self.office), self._moment(self.opens_on - timedelta(days=3), 9)
        campaign = actions.create_campaign(
            by=by,
            key=self._key(),
            at=first,
            name=NAME,
            occasion="Hari Jadi Purwakarta (contoh)",
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            zone="Asia/Jakarta",
            headline=HEADLINE,
            counted_methods=[Method.IMPLAN_1.value, Method.IMPLAN_2.value, Method.IUD.value],
            counted_participants=[Participant.BARU.value, Participant.KBPP.value],
            is_example=True,
            settled=list(SetupStep),
        )
        self.campaign_id = campaign.id
        self.weights = {code: self.random.randint(250, 1500) for code in self.desa_codes}
        self.small = self.desa_codes[30]  # its few women are served many times over
        self.none = self.desa_codes[60]  # nobody there has been found yet
        self.weights[self.small] = 180
        with writing():
            column = targets.write_weights(KABUPATEN, "PUS (contoh)", self.weights, by_id=by.id, at=first)
            mix = [{"column_id": str(column.id), "name": column.name, "percent": "100"}]
        locked = {self.own_desa: OWN_TARGET}
        how = {"mix": mix, "way": Way.LARGEST_REMAINDER, "is_kecamatan_first": False, "least": 0, "locked": locked}
        how |= {"headline": HEADLINE, "headline_parts": {}, "by_method": False, "by_week": False, "why": ""}
        version = actions.propose(campaign, by=by, key=self._key(), at=first, **how)
        actions.accept(version, by=by, key=self._key(), at=first)
        actions.open_campaign(campaign, by=by, key=self._key(), at=first)

    def _moment(self, on: date, hour: int, minute: int | None = None) -> datetime:
        minute = self.random.randrange(60) if minute is None else minute
        return datetime.combine(on, time(hour, minute, self.random.randrange(60)), self.zone)

    # ---- The days ----

    def _open_days(self) -> None:
        """Each puskesmas two days a week, each saung Ambu every second week; today at several."""
        before, self.days = self._moment(self.opens_on - timedelta(days=2), 10), defaultdict(list)
        places = [(point_id, number, 3) for number, point_id in enumerate(self.points.values())]
        places += [(point_id, number, 14) for number, point_id in enumerate(self.saung.values())]
        dates = {point_id: set() for point_id, *_ in places}
        for point_id, number, every in places:
            for ahead in range(number % every, (self.closes_on - self.opens_on).days + 1, every):
                on = self.opens_on + timedelta(days=ahead)
                if on.weekday() != 6:
                    dates[point_id].add(on)
        for name in ("Maracang", "Plered", "Wanayasa"):
            dates[self.points[name]] |= {self.today, self.today + timedelta(days=1)}
        dates[self.saung["Wanawali"]].add(self.today)
        for point_id, _number, every in places:
            for on in sorted(dates[point_id]):
                self._open_day(before, point_id, on, seats=12 if every == 3 else 8)

    def _open_day(self, before, point_id, on, *, seats) -> None:
        by, campaign = self._by(self.office), db.session.get_one(Campaign, self.campaign_id)
        point = db.session.get_one(places.ServicePoint, point_id)
        if on == self.today and point_id == self.points["Maracang"]:
            seats = 24
        day = actions.open_day(
            campaign=campaign,
            point=point,
            by=by,
            key=self._key(),
            at=before,
            on=on,
            starts_at=time(8),
            ends_at=time(15),
            seats=seats,
        )
        self.days[on].append((day.id, point.puskesmas_id))

    # ---- The women ----

    def _live_through(self) -> None:
        """Day by day from the opening until now: found, booked, served, deferred, missed."""
        women, pace = int(WOMEN * self.scale), self._pace()
        gone = (self.today - self.opens_on).days + 1
        per_day = [women * (n + 1) // gone - women * n // gone for n in range(gone)]
        for number, count in enumerate(per_day):
            on = self.opens_on + timedelta(days=number)
            codes, chances = list(pace), [pace[code] * self.gatherings.pushes(code, on) for code in pace]
            for code in self.random.choices(codes, chances, k=count):
                self._register(code, on)
            self._serve(on)
            if on < self.today:
                self._sweep(on)
            self.say(f"  {on:%d-%m-%Y}: {sum(per_day[: number + 1])} terdaftar", nl=number == gone - 1)
            self.say("\r", nl=False)

    def _pace(self) -> dict[str, float]:
        """How many women each desa finds, against its weight: some ahead, some behind, one none, one far beyond."""
        ahead = {"32.14.07": 2.2, "32.14.12": 1.6, "32.14.15": 0.3, "32.14.05": 0.45}
        pace = {
            code: weight * ahead.get(code[:8], 1) * self.random.uniform(0.5, 1.5)
            for code, weight in self.weights.items()
        }
        pace[self.none] = 0.0
        pace[self.small] = max(pace.values()) * 2.0
        pace[self.own_desa] = max(pace.values())
        return pace

    def _register(self, desa_code: str, on: date) -> None:
        moment = min(self._moment(on, self.random.randint(7, 9)), self.at)
        born = invented.birth_date(self.random)
        has_nik = self.random.random() < 0.93
        wanted = self.random.choices((Method.IMPLAN, Method.IUD, Method.BELUM), (65, 25, 10))[0]
        akseptor = actions.register(
            campaign=db.session.get_one(Campaign, self.campaign_id),
            by=self._by(self.kader[desa_code]),
            key=self._key(),
            at=moment,
            name=invented.name(self.random),
            birth_date=born,
            nik=self._nik(desa_code, born) if has_nik else None,
            no_nik_reason=None if has_nik else self.random.choice(("belum_punya", "tidak_dibawa", "hilang")),
            phone=invented.phone(self.random) if self.random.random() < 0.7 else None,
            rt=f"{self.random.randint(1, 6):03}",
            rw=f"{self.random.randint(1, 9):03}",
            wanted=wanted,
            is_counselled=self.random.random() < 0.95,
        )
        if akseptor.is_counselled and self.random.random() < 0.93:
            self._book(akseptor, on, moment)

    def _nik(self, desa_code: str, born: date) -> str:
        while (nik := invented.nik(self.random, desa_code, born)) in self.used_niks:
            pass
        self.used_niks.add(nik)
        return nik

    def _book(self, akseptor: Akseptor, after: date, moment: datetime) -> None:
        """The next days with a free seat near her, soon or a little later."""
        near = self.works_for[akseptor.desa_code]
        coming = [
            day_id
            for on in sorted(self.days)
            if after <= on <= after + timedelta(days=8)
            for day_id, puskesmas_id in self.days[on]
            if puskesmas_id in near
        ]
        for day_id in coming[self.random.randint(0, 1) :]:
            day = db.session.get_one(ServiceDay, day_id)
            if day.free:
                actions.book(akseptor, day=day, by=self._by(akseptor.kader_id), key=self._key(), at=moment)
                return

    def _serve(self, on: date) -> None:
        for day_id, puskesmas_id in self.days[on]:
            expected = db.session.scalars(
                select(Booking.akseptor_id)
                .join(Akseptor)
                .where(Booking.service_day_id == day_id, Booking.outcome.is_(None))
                .order_by(Booking.booked_at, Akseptor.name)
            ).all()
            for number, akseptor_id in enumerate(expected):
                if on < self.today or number < len(expected) * 0.6:
                    self._receive(
                        akseptor_id, puskesmas_id, on, is_waiting=on == self.today and number > len(expected) * 0.35
                    )

    def _receive(self, akseptor_id, puskesmas_id, on: date, *, is_waiting: bool) -> None:
        if self.random.random() < 0.1:
            return
        by, akseptor = self._by(self.staff[puskesmas_id]), db.session.get_one(Akseptor, akseptor_id)
        came = min(
            self._moment(on, self.random.randint(8, 11)), self.at - timedelta(minutes=self.random.randint(5, 40))
        )
        actions.attend(akseptor, by=by, key=self._key(), at=came)
        if is_waiting:
            return
        later = min(came + timedelta(minutes=self.random.randint(10, 60)), self.at)
        if self.random.random() < 0.06:
            until = on + timedelta(days=self.random.randint(2, 14))
            actions.defer(
                akseptor,
                reason=self.random.choice(("medis", "haid", "keluarga")),
                until=until,
                by=by,
                key=self._key(),
                at=later,
            )
            return
        has_nik = akseptor.has_nik
        actions.serve(
            akseptor,
            method=self.random.choices((Method.IMPLAN_1, Method.IMPLAN_2, Method.IUD), (35, 35, 30))[0],
            participant=self.random.choices((Participant.BARU, Participant.KBPP, Participant.GANTI_CARA), (80, 12, 8))[
                0
            ],
            has_informed_consent=True,
            facts=self._facts(),
            served_on=on,
            no_nik_reason=None if has_nik else "belum_punya",
            by=by,
            key=self._key(),
            at=later,
        )

    def _facts(self) -> ServiceFacts:
        insurance = self.random.choices((Insurance.BPJS, Insurance.LAIN, Insurance.NONE), (7, 1, 2))[0]
        return ServiceFacts(act=Act.PASANG, insurance=insurance, source=Source.APBN)

    def _sweep(self, on: date) -> None:
        end = self._moment(on + timedelta(days=1), 1)
        for day_id, puskesmas_id in self.days[on]:
            day = db.session.get_one(ServiceDay, day_id)
            actions.sweep(day, by=actions.CLOCK, key=self._key(), at=end)
            if on < self.today - timedelta(days=3):  # the newest are still to be closed
                actions.close_day(day, by=self._by(self.staff[puskesmas_id]), key=self._key(), at=end)


def _write_canary(path: str) -> None:
    """Every NIK and phone of the demonstration, for tests that look for them where they must not be."""
    rows = db.session.execute(select(Akseptor.id, Akseptor.nik_sealed, Akseptor.phone_sealed))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        for row in rows:
            for label, sealed in (("akseptor.nik", row.nik_sealed), ("akseptor.phone", row.phone_sealed)):
                if sealed:
                    file.write(keys.open(label, row.id, sealed) + "\n")
