"""Places, people and women for a scene, made with the same deeds as in real life."""

from datetime import date, time, timedelta
from fractions import Fraction
from functools import cache
from secrets import token_bytes
from types import SimpleNamespace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from campaign import actions, models
from campaign.actions import cards, places, sessions, staff, walls
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import (
    Campaign,
    Desa,
    Device,
    Jenis,
    Kabupaten,
    Kecamatan,
    PointKind,
    ServiceDay,
    Split,
    Stage,
    Tally,
    Target,
)
from campaign.papers.photo import Drawn
from campaign.queries.people import ACTOR
from campaign.rules.apportionment import Way
from campaign.rules.attendance import Attendance
from campaign.rules.gatherings import SignedBy
from campaign.rules.journey import Status
from campaign.rules.methods import Method, Participant
from campaign.rules.roles import Role

PASSWORD = "empat kata yang panjang"


@cache
def _password_hash() -> str:
    return sessions.hash_password(PASSWORD)


def key() -> str:
    return uuid4().hex


def _places(kabupaten, name, kecamatan_list):
    db.session.add(Kabupaten(code=kabupaten, name=name, zone="Asia/Jakarta"))
    for code, (kecamatan, desa_list) in kecamatan_list.items():
        db.session.add(Kecamatan(code=code, name=kecamatan, kabupaten_code=kabupaten))
        db.session.add_all(Desa(code=d, name=n, jenis=j, kecamatan_code=code) for d, n, j in desa_list)
    db.session.flush()


def person(sign_in_name, name, role, *, kabupaten="32.14", **where):
    """Somebody with an account, as deeds take her: not a database object, so she can act in any thread."""
    about = {"sign_in_name": sign_in_name, "name": name, "role": role}
    row = staff.enlist(kabupaten, password_hash=_password_hash(), **about, **where)
    return SimpleNamespace(sign_in_name=sign_in_name, **{c.key: getattr(row, c.key) for c in ACTOR})


def cast():
    """Margacinta and Cikao, two puskesmas, everybody of the story, an open campaign; and Karawang, elsewhere."""
    actions.settle_key()
    with writing():
        _places(
            "32.14",
            "Kabupaten Purwakarta",
            {
                "32.14.12": (
                    "Babakancikao",
                    [("32.14.12.2001", "Margacinta", Jenis.DESA), ("32.14.12.2002", "Cikao", Jenis.DESA)],
                ),
                "32.14.01": ("Purwakarta", [("32.14.01.1001", "Nagri Kidul", Jenis.KELURAHAN)]),
            },
        )
        _places(
            "32.15", "Kabupaten Karawang", {"32.15.01": ("Karawang Barat", [("32.15.01.2001", "Wadas", Jenis.DESA)])}
        )
        maracang = places.write_point(
            "32.14", name="Puskesmas Maracang", kind=PointKind.PUSKESMAS, kecamatan_code="32.14.12"
        )
        saung = places.write_point(
            "32.14", name="Saung Ambu Cikao", kind=PointKind.SAUNG_AMBU, kecamatan_code="32.14.12", induk_id=maracang.id
        )
        koncara = places.write_point(
            "32.14", name="Puskesmas Koncara", kind=PointKind.PUSKESMAS, kecamatan_code="32.14.01"
        )
        far = places.write_point("32.15", name="Puskesmas Wadas", kind=PointKind.PUSKESMAS, kecamatan_code="32.15.01")
        places.work_for(maracang, ["32.14.12.2001", "32.14.12.2002"])
        places.work_for(koncara, ["32.14.01.1001"])
        people = {
            "ibu_sari": person("sari", "Ibu Sari", Role.KADER, desa_code="32.14.12.2001"),
            "ibu_wati": person("wati", "Ibu Wati", Role.KADER, desa_code="32.14.12.2002"),
            "pak_wawan": person("wawan", "Pak Wawan", Role.PLKB, desa_codes=["32.14.12.2001"]),
            "bidan_ratna": person("ratna", "Bidan Ratna", Role.PUSKESMAS, service_point_id=maracang.id),
            "bidan_yuli": person("yuli", "Bidan Yuli", Role.PUSKESMAS, service_point_id=koncara.id),
            "bu_lilis": person("lilis", "Bu Lilis", Role.DPPKB, is_admin=True),
            "pak_dedi": person("dedi", "Pak Dedi", Role.BUPATI),
            "orang_karawang": person("karawang", "Orang Karawang", Role.DPPKB, kabupaten="32.15", is_admin=True),
        }
        the_campaign = write_campaign({"32.14.12.2001": 12, "32.14.12.2002": 8})
        elsewhere = write_campaign({"32.15.01.2001": 5}, kabupaten="32.15", name="Karawang Sehat")
    return SimpleNamespace(
        margacinta=db.session.get(Desa, "32.14.12.2001"),
        cikao=db.session.get(Desa, "32.14.12.2002"),
        maracang=maracang,
        saung=saung,
        koncara=koncara,
        far=far,
        campaign=the_campaign,
        elsewhere=elsewhere,
        **people,
    )


def write_campaign(targets: dict[str, int], *, kabupaten="32.14", **about) -> Campaign:
    """An open campaign, ten days old, with twenty to come; written inside an open transaction."""
    start = now().astimezone(ZoneInfo(about.get("zone", "Asia/Jakarta"))).date() - timedelta(days=10)
    campaign = Campaign(
        **{
            "kabupaten_code": kabupaten,
            "name": "1831 MKJP",
            "opens_on": start,
            "closes_on": start + timedelta(days=30),
            "zone": "Asia/Jakarta",
            "stage": Stage.OPEN,
            "headline": sum(targets.values()),
            "counted_methods": [Method.IMPLAN_1.value, Method.IMPLAN_2.value, Method.IUD.value],
            "counted_participants": [Participant.BARU.value, Participant.KBPP.value],
        }
        | about
    )
    db.session.add(campaign)
    db.session.flush()
    split = Split(campaign_id=campaign.id, headline=campaign.headline, at=now(), accepted_at=now(), is_current=True)
    db.session.add(split)
    db.session.flush()
    db.session.add_all(
        Target(split_id=split.id, desa_code=code, weight=Fraction(number), quota=Fraction(number), number=number)
        for code, number in targets.items()
    )
    return campaign


def device(person) -> Device:
    """Another browser she is known on."""
    with writing():
        row = Device(person_id=person.id, token_hash=token_bytes(32), name="HP lama", enrolled_at=now(), seen_at=now())
        db.session.add(row)
    return row


def card_of(person) -> str:
    """What the QR code of a card for her opens."""
    sent = key()
    with writing():
        cards.write_cards([person.id], key=sent, at=now())
    return cards.secrets_of(sent, person.id)[1]


def shared_out(campaign, headline: int, *, by) -> Split:
    """A new headline, the same for every desa, accepted."""
    how = {"mix": [], "way": Way.LARGEST_REMAINDER, "is_kecamatan_first": False, "least": 0, "locked": {}, "why": ""}
    how |= {"headline_parts": {}, "by_method": False, "by_week": False}
    proposal = actions.propose(campaign, headline=headline, by=by, key=key(), **how)
    return actions.accept(proposal, by=by, key=key())


def the_campaign() -> Campaign:
    return db.session.scalars(db.select(Campaign).where(Campaign.kabupaten_code == "32.14")).first()


def service_day(point, *, seats=10, in_days=0, campaign=None) -> ServiceDay:
    """A day at this place, `in_days` from today; may lie in the past, as it will have been opened before."""
    campaign = campaign or the_campaign()
    with writing():
        day = ServiceDay(
            campaign_id=campaign.id,
            service_point_id=point.id,
            on=campaign.day_of(now()) + timedelta(days=in_days),
            seats=seats,
            taken=0,
        )
        db.session.add(day)
    return day


def registered(kader, *, name="Neng Siti", campaign=None, **answers):
    said = {"wanted": Method.IMPLAN, "is_counselled": True, "birth_date": date(1990, 3, 10), "rt": "001", "rw": "002"}
    if "nik" not in answers:
        said["no_nik_reason"] = "belum_punya"
    return actions.register(campaign=campaign or the_campaign(), name=name, by=kader, key=key(), **said | answers)


def booked(kader, day, **answers):
    return actions.book(registered(kader, **answers), day=day, by=kader, key=key())


def attended(kader, bidan, day, **answers):
    return actions.attend(booked(kader, day, **answers), by=bidan, key=key())


SERVICE = {"method": Method.IMPLAN_2, "participant": Participant.BARU, "has_informed_consent": True}


def served(kader, bidan, day, **answers):
    reason = {} if "nik" in answers else {"no_nik_reason": "belum_punya"}
    return actions.serve(attended(kader, bidan, day, **answers), by=bidan, key=key(), **SERVICE, **reason)


def nik(number: int) -> str:
    """An invented NIK, another for each number below 998."""
    return f"321412500390{9001 + number}"


def beads(campaign, desa=None) -> dict[str, int]:
    """The tally summed over methods and participant statuses, without the zeros."""
    rows = db.session.scalars(db.select(Tally).where(Tally.campaign_id == campaign.id)).all()
    rows = [row for row in rows if desa is None or row.desa_code == desa.code]
    columns = [status.value for status in Status] + ["waiting_nik"]
    sums = {column: sum(getattr(row, column) for row in rows) for column in columns}
    return {column: number for column, number in sums.items() if number}


def standing_service(akseptor):
    """Her confirmed service, or None once it was taken back."""
    standing = db.select(models.Service).filter_by(akseptor_id=akseptor.id, undone_at=None)
    return db.session.scalars(standing).first()


def booking_of(akseptor_id) -> models.Booking:
    """Her newest booking."""
    hers = db.select(models.Booking).filter_by(akseptor_id=akseptor_id).order_by(models.Booking.booked_at.desc())
    return db.session.scalars(hers.limit(1)).one()


def paper_sheet(by, *, rows=4) -> models.PaperSheet:
    """A sheet of paper this kader has printed."""
    return actions.print_sheets(campaign=the_campaign(), sheets=1, rows=rows, by=by, key=key())


def wall(kind="pimpinan", *, by, campaign=None, days=1) -> tuple[models.WallLink, str]:
    """A link for a wall, and the token in its address."""
    sent, ends_at = key(), now() + timedelta(days=days)
    about = {"kind": models.WallKind(kind), "name": "Pendopo", "ends_at": ends_at}
    link = actions.make_wall(campaign or the_campaign(), by=by, key=sent, **about)
    return link, walls.token_of(sent, by)


def hall_wall(gathering, *, by, days=1) -> tuple[models.WallLink, str]:
    """The same for the hall of a gathering."""
    sent, ends_at = key(), now() + timedelta(days=days)
    return actions.make_hall_wall(gathering, by=by, key=sent, name="Aula", ends_at=ends_at), walls.token_of(sent, by)


def office_map(squares: dict[str, int]) -> None:
    """The office has put in a map: a square of each of these areas, so far from the left."""
    with writing() as session:
        the_campaign().kabupaten.map_box = "0 0 1000 500"
        session.add_all(
            models.Shape(area_code=code, kabupaten_code="32.14", path=f"M{x} 0h90v90z", x=x, y=60)
            for code, x in squares.items()
        )


def look_twice(cast, akseptor_id) -> None:
    """Something of each kind for Pak Wawan to look at, and this woman said to live in Cikao."""
    for n in range(10):
        registered(cast.ibu_sari, name=f"Siti Nurhayat{'ia'[n % 2]}", phone="+6282000003333")
    held = device(cast.ibu_sari)
    with writing():
        row = db.session.get_one(Device, held.id)
        row.unsent, row.parked, row.told_at, row.oldest_unsent_at = 2, 1, now(), now() - timedelta(days=9)
    her = db.session.get_one(models.Akseptor, akseptor_id)
    actions.propose_transfer(her, desa_code="32.14.12.2002", why="pindah", by=cast.pak_wawan, key=key())


def notice(akseptor_id, day) -> UUID:
    """Something her kader must tell her."""
    row = models.Notice(id=uuid4(), akseptor_id=akseptor_id, service_day_id=day.id, kind="day_moved", at=now())
    with writing() as session:
        session.add(row)
    return row.id


def blackout(by, *, in_days=5) -> UUID:
    """A date nobody serves on: at the puskesmas of whoever says so, or everywhere."""
    on = the_campaign().day_of(now()) + timedelta(days=in_days)
    row = models.Blackout(
        id=uuid4(), kabupaten_code=by.kabupaten_code, puskesmas_id=by.service_point_id, on=on, by_id=by.id
    )
    with writing() as session:
        session.add(row)
    return row.id


def families(day, **seats) -> None:
    """So many of this day's seats are for each of these families of methods."""
    with writing() as session:
        session.add_all(models.DaySeats(service_day_id=day.id, family=name, seats=n) for name, n in seats.items())


def gathering(by, *, in_days=0, at=None, minutes=180, capacity=None, **about) -> models.Gathering:
    """An orientation that began an hour ago by the kabupaten's clock, unless it says otherwise; sign-in is open."""
    kabupaten = db.session.get_one(Kabupaten, by.kabupaten_code)
    begins = (at or now() - timedelta(hours=1)).astimezone(ZoneInfo(kabupaten.zone)) + timedelta(days=in_days)
    said = {"name": "Orientasi Kader IMP", "place": "Aula Kecamatan", "kind": "orientasi", "tier": "kabupaten"}
    made = actions.call_together(
        kabupaten=kabupaten, dates=[begins.date()], starts_at=time(8), ends_at=time(12), open_before=60, late_after=15,
        capacity=capacity, by=by, key=key(), **said | about,
    )  # fmt: skip
    with writing():  # around now, whatever the hour is: a test may run at midnight
        row = db.session.get_one(models.Gathering, made.id)
        row.opens_at, row.late_at = begins - timedelta(hours=1), begins + timedelta(minutes=75)
        row.closes_at = begins + timedelta(minutes=minutes)
    return row


def invited(gathering, *people, by) -> list[models.Invitee]:
    """These people of the register on its list, in this order."""
    actions.invite(gathering, person_ids=[person.id for person in people], by=by, key=key())
    rows = db.session.scalars(db.select(models.Invitee).where(models.Invitee.gathering_id == gathering.id)).all()
    return [next(row for row in rows if row.person_id == person.id) for person in people]


def photo(gathering, *, by, caption="Aula") -> models.Photo:
    """A photo of it, as it was drawn anew."""
    drawn = Drawn(b"besar", b"kecil", 1600, 900)
    return actions.add_photo(gathering, digest=key(), caption=caption, drawn=drawn, by=by, key=key())


def certificate(invitee, *, by) -> models.Certificate:
    """She was there, and has it in writing."""
    actions.come(invitee, signed_by=SignedBy.DESK, by=by, key=key())
    actions.make_certificates(invitee.gathering, tail=f"UJI/{key()[:8]}", by=by, key=key())
    return db.session.scalars(db.select(models.Certificate).filter_by(invitee_id=invitee.id)).one()


def turnout(gathering) -> dict[str, int]:
    """The turnout summed over desa, without the zeros."""
    rows = db.session.scalars(db.select(models.Turnout).where(models.Turnout.gathering_id == gathering.id)).all()
    sums = {status.value: sum(getattr(row, status.value) for row in rows) for status in Attendance}
    return {status: number for status, number in sums.items() if number}


def questions(gathering, *, by) -> list[models.Question]:
    """Two questions this gathering asks; of both the second choice is right."""
    kabupaten = db.session.get_one(Kabupaten, by.kabupaten_code)
    made = [
        actions.add_question(kabupaten=kabupaten, text=text, choices=["empat", "enam"], right=1, by=by, key=key())
        for text in ("Berapa peran IMP?", "Berapa bulan sekali?")
    ]
    actions.choose_questions(gathering, question_ids=[question.id for question in made], by=by, key=key())
    return made
