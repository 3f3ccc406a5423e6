"""The matrix: every address × method × role × own, foreign and unknown object, made from what the app says of itself.

Nobody is sent to the sign-in page (GET) or told 401 (POST); a wrong role gets 403; one's own is answered; what is somebody
else's answers 404 with the very words of what does not exist. Complaints name the cell.
"""

import re
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from campaign import actions, live, queries
from campaign.access import allowed, public
from campaign.actions.transaction import now, writing
from campaign.cli import access_rows
from campaign.extensions import db
from campaign.models import Akseptor, FollowUp, Import, Referral, SheetState, Stage, Transfer
from campaign.rules.refusals import NotAllowed
from campaign.rules.roles import Role
from campaign.rules.verdicts import SheetKind
from tests import builders
from tests.builders import key

CANARY, CANARY_NIK = "Kenari Euis Burung", "3214125003909777"
PEOPLE = {
    "kader": "ibu_sari",
    "plkb": "pak_wawan",
    "puskesmas": "bidan_ratna",
    "dppkb": "bu_lilis",
    "bupati": "pak_dedi",
    "nobody": None,
}
NOT_CAMPAIGN_DATA = {"sign_in", "sign_in_try", "device", "access_log", "lease"}


@pytest.fixture
def world(app, cast, day):
    """One woman in each desa, one service day at each puskesmas, a draft; by role what is hers and what is not."""
    live.serving(app, SimpleNamespace(alive=False))  # streams end with their first line
    with writing():
        ibu_nia = builders.person("nia", "Ibu Nia", Role.KADER, desa_code="32.14.01.1001")
        about = {"kabupaten": "32.15", "service_point_id": cast.far.id}
        bidan_wadas = builders.person("wadas", "Bidan Wadas", Role.PUSKESMAS, **about)
        ibu_wida = builders.person("wida", "Ibu Wida", Role.KADER, kabupaten="32.15", desa_code="32.15.01.2001")
        draft = builders.write_campaign({"32.14.12.2001": 1}, name="Rancangan", stage=Stage.DRAFT).id
    other_day = builders.service_day(cast.koncara)
    far_day = builders.service_day(cast.far, campaign=cast.elsewhere)
    hers = builders.booked(cast.ibu_sari, day, name=CANARY, nik=CANARY_NIK).id
    of_cikao = builders.registered(cast.ibu_wati, name="Euis Cikao").id
    of_nagri = builders.booked(ibu_nia, other_day, name="Nia Nagri").id
    far = builders.booked(ibu_wida, far_day, name="Wida Wadas", campaign=cast.elsewhere).id

    neighbour = builders.registered(cast.ibu_sari, name="Neng Sebelah", nik=builders.nik(5)).id
    merges = {by.kabupaten_code: merge_of(kader, by, campaign) for kader, by, campaign in (
        (cast.ibu_sari, cast.bu_lilis, cast.campaign), (ibu_wida, cast.orang_karawang, cast.elsewhere)
    )}  # fmt: skip
    transfers = {
        her: transfer_of(her, who) for her, who in ((hers, cast.pak_wawan), (of_cikao, cast.bu_lilis), (far, ibu_wida))
    }
    tickets = {her: queries.ticket_code(builders.booking_of(her)) for her in (hers, of_nagri, far)}
    paper = {who: builders.paper_sheet(getattr(cast, who)).id for who in ("ibu_sari", "ibu_wati")}
    sheets = {kabupaten: sheet_of(who) for kabupaten, who in (("32.14", cast.bu_lilis), ("32.15", cast.orang_karawang))}

    served = {
        who: served_by(kader, bidan, on, campaign)
        for who, kader, bidan, on, campaign in (
            ("ratna", cast.ibu_sari, cast.bidan_ratna, day, cast.campaign),
            ("yuli", ibu_nia, cast.bidan_yuli, other_day, cast.campaign),
            ("far", ibu_wida, bidan_wadas, far_day, cast.elsewhere),
        )
    }

    sent = (("maracang", ibu_nia, cast.bidan_yuli, other_day), ("koncara", cast.ibu_sari, cast.bidan_ratna, day))
    sent += (("far", cast.ibu_sari, cast.bidan_ratna, day),)
    referrals = {to: referral_to(getattr(cast, to), kader, bidan, on) for to, kader, bidan, on in sent}
    lost = {person.id: builders.device(person).id for person in vars(cast).values() if hasattr(person, "sign_in_name")}
    own = {
        "campaign_id": cast.campaign.id,
        "akseptor_id": hers,
        "day_id": day.id,
        "person_id": cast.ibu_wati.id,
        "her_device_id": lost[cast.ibu_wati.id],
        "plkb_id": cast.pak_wawan.id,
        "point_id": cast.maracang.id,
        "notice_id": builders.notice(hers, day),
        "blackout_id": builders.blackout(cast.bidan_ratna),
        "service_id": served["ratna"][0],
        "follow_up_id": served["ratna"][1],
        "referral_id": referrals["maracang"],
        "faskes_id": cast.maracang.id,
        "month_text": f"{now():%Y-%m}",
        "method": "iud",
        "split_id": queries.current_split(cast.campaign).id,
        "import_id": sheets["32.14"],
        "sheet_id": paper["ibu_sari"],
        "other_id": neighbour,
        "merge_id": merges["32.14"],
        "transfer_id": transfers[hers],
        "ticket": tickets[hers],
        "code": "32.14.12.2001",
        "kind": "akseptor",
        "step": "nama",
        "token": builders.card_of(ibu_nia),
        "kecamatan_code": "32.14.12",
        "part": "desa",
        "filename": "campaign.css",
        "table_file": "hari.csv",
        "day_text": cast.campaign.day_of(now()),
    }
    actions.make_digest(cast.campaign, by=cast.bu_lilis, key=key())
    walls = {by.kabupaten_code: builders.wall(by=by, campaign=campaign) for by, campaign in (
        (cast.bu_lilis, cast.campaign), (cast.orang_karawang, cast.elsewhere)
    )}  # fmt: skip
    own |= {"wall_id": walls["32.14"][0].id, "wall_token": builders.wall(by=cast.bu_lilis)[1]}
    gathering, elsewhere = builders.gathering(cast.pak_wawan), builders.gathering(cast.orang_karawang)
    own |= {"gathering_id": gathering.id, "hall_id": gathering.id}
    everybody = builders.invited(gathering, *(getattr(cast, who) for who in PEOPLE.values() if who), by=cast.bu_lilis)
    own |= {"invitee_id": everybody[0].id, "meeting_id": gathering.id, "door_code": gathering.door_code}
    own |= {
        "decision_id": decision_of(cast.pak_wawan, gathering),
        "photo_id": builders.photo(gathering, by=cast.pak_wawan).id,
    }
    own |= {"event_id": gathering.id, "screen_id": builders.hall_wall(gathering, by=cast.pak_wawan)[0].id}
    own["certificate_code"] = builders.certificate(everybody[0], by=cast.bu_lilis).code
    # Asked at another gathering, too: so it is put away, and not gone for the door after.
    strangers_to = builders.gathering(cast.bu_lilis)
    own["question_id"] = builders.questions(strangers_to, by=cast.bu_lilis)[0].id
    of_karawang = builders.questions(elsewhere, by=cast.orang_karawang)[0]
    texts = {"title": "Enam peran", "text": "- Pertemuan"}
    own["material_id"] = actions.add_material(gathering, by=cast.pak_wawan, key=key(), **texts).id
    far_text = actions.add_material(elsewhere, by=cast.orang_karawang, key=key(), **texts)
    own["list_file"] = "peserta.csv"
    of_far = actions.invite_by_name(elsewhere, name="Camat Wadas", by=cast.orang_karawang, key=key())
    foreign_women = {"kader": [of_cikao, far], "plkb": [of_cikao, far], "puskesmas": [of_nagri, far], "dppkb": [far]}
    foreign_days = {"puskesmas": [other_day.id, far_day.id]}
    foreign = {
        role: {
            "campaign_id": [cast.elsewhere.id] + ([draft] if role != "dppkb" else []),
            "akseptor_id": foreign_women.get(role, []),
            "day_id": foreign_days.get(role, [far_day.id]),
            "person_id": [cast.orang_karawang.id] + ([cast.ibu_wati.id, cast.bidan_ratna.id] if role == "plkb" else []),
            "plkb_id": [cast.orang_karawang.id, cast.ibu_wati.id],
            "notice_id": [builders.notice(far, far_day)]
            + ([builders.notice(of_nagri, other_day)] if role != "dppkb" else []),
            "blackout_id": [builders.blackout(cast.orang_karawang)]
            + ([builders.blackout(cast.bu_lilis), builders.blackout(cast.bidan_yuli)] if role != "dppkb" else []),
            "point_id": [cast.far.id],
            "service_id": [served["yuli"][0], served["far"][0]],
            "follow_up_id": [served["yuli"][1], served["far"][1]],
            "referral_id": [referrals["koncara"], referrals["far"]],
            "faskes_id": [cast.far.id] + ([cast.koncara.id] if role == "puskesmas" else []),
            "device_id": [lost[cast.bidan_yuli.id]],
            "her_device_id": [lost[cast.bidan_yuli.id], lost[cast.orang_karawang.id]],
            "kecamatan_code": ["32.15.01"],
            "split_id": [queries.current_split(cast.elsewhere).id],
            "import_id": [sheets["32.15"]],
            "sheet_id": [paper["ibu_wati"]],
            "other_id": [far] if role == "dppkb" else [of_cikao, far],
            "merge_id": [merges["32.15"]],
            "wall_id": [walls["32.15"][0].id],
            "gathering_id": [elsewhere.id],
            "hall_id": [elsewhere.id],
            "meeting_id": [elsewhere.id, strangers_to.id],
            "door_code": [elsewhere.door_code],
            "invitee_id": [of_far.id],
            "event_id": [elsewhere.id],
            "screen_id": [builders.hall_wall(elsewhere, by=cast.orang_karawang)[0].id],
            "decision_id": [decision_of(cast.orang_karawang, elsewhere)],
            "photo_id": [builders.photo(elsewhere, by=cast.orang_karawang).id],
            "question_id": [of_karawang.id],
            "material_id": [far_text.id],
            "transfer_id": [transfers[far]] + ([transfers[of_cikao]] if role == "plkb" else []),
            "day_text": ["1999-01-01"],
            "ticket": [tickets[of_nagri], tickets[far]] if role == "puskesmas" else [tickets[far]],
            "code": ["32.15.01", "32.15.01.2001"],
        }
        for role in PEOPLE
    }
    mine = {role: {"device_id": lost[getattr(cast, who).id]} for role, who in PEOPLE.items() if who}
    mine["plkb"] |= {"person_id": cast.ibu_sari.id, "her_device_id": lost[cast.ibu_sari.id]}
    own |= mine["kader"]
    return SimpleNamespace(own=own, foreign=foreign, mine=mine)


def referral_to(point, kader, bidan, on) -> UUID:
    """Somebody was sent on to this place."""
    her = builders.attended(kader, bidan, on, name="Rukmini Rujukan")
    actions.refer(her, to=point, reason="alat", by=bidan, key=key())
    return db.session.scalars(db.select(Referral.id).filter_by(akseptor_id=her.id)).one()


def served_by(kader, bidan, on, campaign) -> tuple[UUID, UUID]:
    """A service, and a visit that is due after it."""
    her = builders.served(kader, bidan, on, name="Titin Dilayani", campaign=campaign)
    visit = db.session.scalars(db.select(FollowUp.id).filter_by(akseptor_id=her.id).limit(1)).one()
    return builders.standing_service(her).id, visit


def merge_of(kader, by, campaign) -> UUID:
    """Two records of one woman that the office has made one."""
    kept, gone = (builders.registered(kader, name="Imas Ganda", campaign=campaign) for _ in range(2))
    return actions.merge(kept, gone, by=by, key=key()).id


def decision_of(by, gathering) -> UUID:
    """Something this gathering decided."""
    return actions.decide(gathering, what="Melapor tiap tanggal 25", who="Sub PPKBD", by=by, key=key()).id


def transfer_of(akseptor_id, by) -> UUID:
    """Somebody said that she lives elsewhere; the office has not decided."""
    her = db.session.get_one(Akseptor, akseptor_id)
    proposal = Transfer(
        akseptor_id=her.id, from_desa_code=her.desa_code, to_desa_code="32.14.01.1001", why="pindah", proposed_by_id=by.id,
        proposed_at=now(),
    )  # fmt: skip
    with writing() as session:
        session.add(proposal)
        session.flush()
        return proposal.id


def sheet_of(who) -> UUID:
    """A file of weights that was applied, with one sheet and nothing in it."""
    table = {"no": 0, "name": "Lembar", "is_hidden": False, "header_rows": [], "columns": [], "missing": [], "rows": 0}
    table |= {"merged": [], "said": {}, "said_row": None}
    at = now()
    taken = Import(
        id=uuid4(), kabupaten_code=who.kabupaten_code, kind=SheetKind.WEIGHTS, file_name="bobot.xlsx", by_id=who.id,
        at=at, beat_at=at, applied_at=at, kept_until=at, state=SheetState.APPLIED, tables=[table],
    )  # fmt: skip
    with writing() as session:
        session.add(taken)
        session.flush()
        return taken.id


def cells(app):
    """Every (row, method) of the app; a new card and what ends or removes come late, and signing out last: nobody is there then.

    Streams come first, while the campaign is still open: a closed one has none.
    """

    def turn(row):
        return (
            row["endpoint"] == "sign_in.sign_out",
            row["rule"][-6:] in ("/kartu", "/hapus"),
            "/alir" not in row["rule"],
        )

    rows = sorted(access_rows(app), key=turn)
    return [(row, method) for row in rows for method in row["methods"]]


def names_in(rule: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", rule)


def address(row, named: dict) -> str:
    path = row["rule"]
    for name in names_in(path):
        path = re.sub(rf"<(?:\w+:)?{name}>", str(named[name]), path)
    return path


def nowhere(own: dict) -> dict:
    """The same names, pointing at what does not exist."""
    return own | {name: uuid4() for name, value in own.items() if isinstance(value, UUID)}


class Visitor:
    """One role trying every door; `complaints` are the cells that answer otherwise than they should."""

    def __init__(self, world, role, screen):
        self.world, self.role, self.screen = world, role, screen
        self.complaints, self.seen = [], []
        self.token = screen.token()

    def knock(self, row, method, named):
        form = {"data": {"key": key(), "csrf_token": self.token}} if method == "POST" else {}
        answer = self.screen.ask(method, address(row, named), **form)
        self.seen.append(answer)
        return answer

    def expect(self, row, method, which, answer, is_right, wanted):
        if not is_right:
            told = f"{self.role} {method} {row['rule']}, {which}: {answer.status_code}, not {wanted}"
            self.complaints.append(told)

    def visit(self, row, method):
        own = self.world.own | self.world.mine.get(self.role, {})
        if row["is_public"]:
            answer = self.knock(row, method, own)
            fine = answer.status_code < 500 and answer.status_code not in (401, 403, 404)
            self.expect(row, method, "public", answer, fine, "open to anybody")
            self.read_what_was_flashed(method, answer)
        elif self.role == "nobody":
            for which, named in (
                ("own", own),
                ("unknown", own | {name: uuid4() for name in own if name[-3:] == "_id"}),
            ):
                answer = self.knock(row, method, named)
                to_door = answer.status_code == 303 and answer.location.startswith("/masuk")
                is_asked_by_script = method == "POST" or row["endpoint"] == "sign_in.csrf_token"
                fine = answer.status_code == 401 if is_asked_by_script else to_door
                self.expect(row, method, which, answer, fine, "401" if is_asked_by_script else "sent to /masuk")
        elif self.role not in row["roles"]:
            for which, named in (
                ("own", own),
                ("unknown", own | {name: uuid4() for name in own if name[-3:] == "_id"}),
            ):
                answer = self.knock(row, method, named)
                self.expect(row, method, which, answer, answer.status_code == 403, 403)
        else:
            self.visit_allowed(row, method, own)

    def visit_allowed(self, row, method, own):
        unknown_page = None
        for name in names_in(row["rule"]):
            strangers = self.world.foreign[self.role].get(name)
            if strangers is None:
                continue
            unknown = uuid4() if isinstance(own[name], UUID) else "99.99.99"
            for which, value in [("unknown", unknown), *(("foreign", stranger) for stranger in strangers)]:
                answer = self.knock(row, method, own | {name: value})
                self.expect(row, method, f"{which} {name}", answer, answer.status_code == 404, 404)
                page = without_token(answer)
                unknown_page = unknown_page or page
                self.expect(row, method, f"{which} {name}", answer, page == unknown_page, "the page of the unknown")
        answer = self.knock(row, method, own)
        if self.role == "kader" and "kecamatan_code" in names_in(row["rule"]):
            self.expect(row, method, "a whole kecamatan", answer, answer.status_code == 404, 404)
            return
        fine = answer.status_code < 500 and answer.status_code not in (401, 403, 404)
        self.expect(row, method, "own", answer, fine, "answered")
        self.read_what_was_flashed(method, answer)

    def read_what_was_flashed(self, method, answer):
        """So that no later page shows it, which would then differ from its like."""
        if method == "POST" or answer.status_code == 303:
            self.screen.ask("GET", "/data-saya")


def without_token(answer) -> tuple:
    text = re.sub(r'(X-CSRFToken": "|name="csrf_token" value=")[^"]+', r"\1", answer.text)
    return answer.status_code, text, sorted(name for name, _ in answer.headers if name != "Set-Cookie")


def visitor(world, cast, browser, role) -> Visitor:
    return Visitor(world, role, browser(getattr(cast, PEOPLE[role] or "", None)))


@pytest.mark.parametrize("role", PEOPLE)
def test_every_door_opens_to_whom_it_should_and_to_nobody_else(app, world, cast, browser, role):
    guest = visitor(world, cast, browser, role)
    for row, method in cells(app):
        guest.visit(row, method)
    assert "\n".join(guest.complaints) == ""
    assert len(guest.seen) > 60


def test_the_matrix_would_notice_doors_left_open(app, world, cast, browser):
    """Control: a view without @allowed, one that does not look at the scope, and one that tells that somebody exists."""

    def left_open():
        return "everybody's list"

    @allowed("akseptor_list", scope="akseptor")
    def without_scope(akseptor_id):
        return db.get_or_404(Akseptor, akseptor_id).name

    @allowed("akseptor_list", scope="akseptor")
    def telling(akseptor_id):
        if db.get_or_404(Akseptor, akseptor_id).desa_code != "32.14.12.2001":
            raise NotAllowed
        return "hers"

    @allowed("akseptor_list", scope="akseptor")
    def broken(akseptor_id):
        raise ZeroDivisionError

    @public
    def refuses():
        raise NotAllowed

    app.add_url_rule("/kader/terbuka", "kader.left_open", left_open)
    app.add_url_rule("/kader/tanpa-batas/<uuid:akseptor_id>", "kader.without_scope", without_scope)
    app.add_url_rule("/kader/membocorkan/<uuid:akseptor_id>", "kader.telling", telling)
    app.add_url_rule("/kader/rusak/<uuid:akseptor_id>", "kader.broken", broken)
    app.add_url_rule("/kader/tutup", "kader.refuses", refuses)
    view_names = {"left_open", "without_scope", "telling", "broken", "refuses"}
    doors = [cell for cell in cells(app) if cell[0]["endpoint"].partition(".")[2] in view_names]
    found = {}
    for role in ("kader", "bupati", "nobody"):
        guest = visitor(world, cast, browser, role)
        for row, method in doors:
            guest.visit(row, method)
        found[role] = "\n".join(guest.complaints)
    assert "bupati GET /kader/terbuka, own: 200, not 403" in found["bupati"]
    assert "nobody GET /kader/terbuka, own: 200, not sent to /masuk" in found["nobody"]
    assert "kader GET /kader/tanpa-batas/<uuid:akseptor_id>, foreign akseptor_id: 200, not 404" in found["kader"]
    assert "kader GET /kader/membocorkan/<uuid:akseptor_id>, foreign akseptor_id: 403, not 404" in found["kader"]
    assert "kader GET /kader/rusak/<uuid:akseptor_id>, own: 500, not answered" in found["kader"]
    assert "kader GET /kader/tutup, public: 403, not open to anybody" in found["kader"]


def test_the_bupati_reaches_numbers_and_his_own_account_and_never_a_woman(app, world, cast, browser):
    deeds = {row["deed"] for row in access_rows(app) if "bupati" in row["roles"]}
    assert deeds == {"board", "whole_board", "make_digest", "come", "turnout", "own_account"}
    guest = visitor(world, cast, browser, "bupati")
    for row, method in cells(app):
        if method == "GET" and ("bupati" in row["roles"] or row["is_public"]):
            guest.knock(row, method, world.own)
    assert len(guest.seen) >= 12
    for answer in guest.seen:
        said = answer.data.decode(errors="replace")  # pictures and papers, too
        assert "Kenari" not in said and CANARY_NIK not in said and "9777" not in said
    kader = visitor(world, cast, browser, "kader")
    assert CANARY in kader.screen.get(f"/kader/{world.own['campaign_id']}").text, "the canary sings nowhere"


def everything_kept() -> dict:
    """Every row of every table that holds campaign data."""
    db.session.commit()
    tables = [table for table in db.Model.metadata.sorted_tables if table.name not in NOT_CAMPAIGN_DATA]
    return {table.name: sorted(repr(row) for row in db.session.execute(db.select(table))) for table in tables}


def test_looking_at_everything_as_everybody_changes_nothing(app, world, cast, browser):
    before = everything_kept()
    asked = 0
    for role in PEOPLE:
        guest = visitor(world, cast, browser, role)
        for row, method in cells(app):
            if method == "GET":
                query = "?nama=a&status=booked&peran=kader&lanjut=/papan/"
                guest.screen.ask("GET", address(row, world.own) + query)
                asked += 1
    assert asked > 200
    assert everything_kept() == before
    builders.registered(cast.ibu_sari)
    assert everything_kept() != before, "a registration would not have been noticed"


def test_a_page_says_what_it_points_at_in_random_words_and_never_in_numbers(app):
    """What a person could count up by hand is in no address: ids are UUIDs, places have public codes."""
    for row in access_rows(app):
        assert not re.search(r"<(int|float):", row["rule"]), row["rule"]
        for name in names_in(row["rule"]):
            assert name.endswith("_id") == (f"<uuid:{name}>" in row["rule"]), row["rule"]
