"""What a phone kept comes in: the same form, the same judgement, once; and each answer as the outbox must hear it."""

import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from campaign import actions, queries
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, Deed, Device, Stage, Step
from campaign.queries.campaigns import campaign as campaign_of
from campaign.rules import phone_clock
from campaign.sealed import CannotOpen, Keys, KeyState
from tests import builders, phone
from tests.builders import beads, key, nik
from tests.views.test_kader import said

BOX = "/kader/kotak"


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@pytest.fixture
def kept(campaign):
    """`kept(screen, ibu_sari, name=…)`: what lies on her phone."""

    def keep(screen, owner, *, at=None, sent_under=None, also=None, **form):
        public = phone.public_key(screen)
        return phone.item(owner, campaign, said(**form), public=public, at=at, key=sent_under, but=also)

    return keep


def women():
    return db.session.scalars(db.select(Akseptor).order_by(Akseptor.registered_at)).all()


# ---- Arriving ----


def test_what_the_phone_kept_is_registered_and_she_gets_her_receipt(browser, campaign, ibu_sari, kept):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari, nik=nik(1), phone="0820 0000 1234")
    told = screen.send(BOX, **item, now=ms(now()))
    neng = women()[0]
    assert (told["ok"], told["id"], told["key"]) == (True, str(neng.id), item["key"])
    assert re.fullmatch(r"\d{4,}", told["number"]) and told["at"] and told["next"]
    assert (neng.name, neng.desa_code) == ("Neng Siti", ibu_sari.desa_code)
    assert queries.sealed_facts(neng)["nik"] == nik(1)
    assert beads(campaign) == {"registered": 1} and queries.differences() == []


def test_sent_again_it_gets_the_same_answer_and_registers_nobody(browser, campaign, ibu_sari, kept):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari)
    first, again = (screen.send(BOX, **item, now=ms(now())) for _ in range(2))
    assert first == again
    assert beads(campaign) == {"registered": 1}


@pytest.mark.parametrize("plain_first", [True, False])
def test_one_sent_plainly_and_through_the_outbox_is_one(browser, campaign, ibu_sari, kept, plain_first):
    screen, sent = browser(ibu_sari), key()
    plainly = lambda: screen.send(f"/kader/{campaign.id}/daftar", **said(), key=sent)["id"]  # noqa: E731
    item = kept(screen, ibu_sari, sent_under=sent)
    sealed = lambda: screen.send(BOX, **item, now=ms(now() - timedelta(days=3000)))["id"]  # noqa: E731
    ids = {plainly(), sealed()} if plain_first else {sealed(), plainly()}
    assert len(ids) == 1
    assert beads(campaign) == {"registered": 1}


def test_an_older_form_that_knew_fewer_questions_is_the_same_content(app, cast, campaign, ibu_sari):
    """Done before an upgrade, its answer lost; after it the form asks one thing more, which the phone's could not."""
    by, sent = ibu_sari, key()
    about = {"name": "Neng", "wanted": "iud", "is_counselled": True, "no_nik_reason": "hilang"}
    first = actions.register(campaign=campaign, by=by, key=sent, **about)
    again = actions.register(campaign=campaign, by=by, key=sent, paper_row=None, **about)
    assert first.id == again.id


def test_another_content_under_a_used_key_is_told_and_nothing_is_changed(browser, ibu_sari, kept):
    screen, sent = browser(ibu_sari), key()
    screen.send(BOX, **kept(screen, ibu_sari, sent_under=sent))
    other = kept(screen, ibu_sari, sent_under=sent, name="Orang Lain", nik=nik(2))
    assert screen.send(BOX, status=422, **other)["error"] == "key_reused"
    assert [woman.name for woman in women()] == ["Neng Siti"]


def test_two_kader_one_nik_both_kept_then_sent_is_one_woman_and_both_are_told(
    browser, campaign, ibu_sari, ibu_wati, kept
):
    sari, wati = browser(ibu_sari), browser(ibu_wati)
    of_sari, of_wati = kept(sari, ibu_sari, nik=nik(7)), kept(wati, ibu_wati, nik=nik(7), name="Neng S.")
    assert sari.send(BOX, **of_sari)["ok"]
    told = wati.send(BOX, status=409, **of_wati)
    assert (told["ok"], told["error"]) == (False, "already_registered")
    assert "sudah terdaftar" in told["message"] and "Neng" not in told["message"] and nik(7) not in told["message"]
    assert sari.send(BOX, **of_sari)["ok"], "who was first keeps being right"
    assert [woman.desa_code for woman in women()] == [ibu_sari.desa_code]
    assert beads(campaign) == {"registered": 1}


def test_a_plkb_keeps_and_sends_too_and_says_which_desa(browser, campaign, pak_wawan, kept, margacinta):
    screen = browser(pak_wawan)
    screen.send(BOX, **kept(screen, pak_wawan, desa_code=margacinta.code))
    assert women()[0].desa_code == margacinta.code


def test_while_her_phone_rests_it_still_sends(browser, ibu_sari, kept):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari)
    with writing():
        hers = db.session.scalars(db.select(Device).where(Device.person_id == ibu_sari.id)).one()
        hers.pin_hash = "a PIN"
        db.session.execute(db.text("UPDATE sign_in SET seen_at = :then"), {"then": then(minutes=40)})
    screen.get("/kader/", status=303)
    assert screen.send(BOX, **item)["ok"]


def then(**ago):
    moment = now() - timedelta(**ago)
    return moment if db.engine.dialect.name == "postgresql" else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


# ---- Not arriving: mend, park, wait ----


def spoilt(item):
    """One bit on the way from the phone's disk."""
    raw = bytearray(b64decode(item["sealed"]))
    raw[-1] ^= 1
    return item | {"sealed": b64encode(bytes(raw)).decode()}


def test_what_is_wrong_is_said_in_words(browser, ibu_sari, kept):
    screen = browser(ibu_sari)
    told = screen.send(BOX, status=422, **kept(screen, ibu_sari, nik=nik(1)[:15]))
    assert told["error"] == "form" and told["message"].startswith("NIK harus 16 angka, ini 15")
    assert women() == []


def test_a_poisoned_item_is_told_apart_whatever_is_wrong_with_it(browser, app, campaign, ibu_sari, kept, tmp_path):
    screen = browser(ibu_sari)
    elsewhere = Keys(tmp_path / "other.key")
    elsewhere.make()
    good, public = kept(screen, ibu_sari), phone.public_key(screen)
    strange = {"key": key(), "public": public}
    poisoned = {
        "a bit turned": spoilt(good),
        "cut short": good | {"sealed": good["sealed"][:80]},
        "no base64": good | {"sealed": "????"},
        "another label": good | {"key": key()},
        "for another server": phone.item(ibu_sari, campaign, said(), public=elsewhere.outbox_public),
        "a later version": kept(screen, ibu_sari, also={"v": 2}),
        "no campaign": kept(screen, ibu_sari, also={"campaign": "x"}),
        "no owner": kept(screen, ibu_sari, also={"owner": None}),
        "another key inside": kept(screen, ibu_sari, also={"key": key()}),
        "a form that is none": kept(screen, ibu_sari, also={"form": 7}),
        "a thousand fields": kept(screen, ibu_sari, also={"form": "&".join(f"a{n}=1" for n in range(1000))}),
        "no object": {"key": strange["key"], "sealed": b64encode(phone.seal(b"[]", **relabel(strange))).decode()},
        "nested deep": {
            "key": strange["key"],
            "sealed": b64encode(phone.seal(b"[" * 9000, **relabel(strange))).decode(),
        },
    }
    for what, item in poisoned.items():
        told = screen.send(BOX, status=422, **item, now="satu")
        assert told["error"] == "unreadable", what
        assert "Daftarkan Ibu itu sekali lagi" in told["message"]
    assert women() == []
    assert screen.send(BOX, **good)["ok"], "the others go on"


def relabel(strange):
    return {"label": strange["key"], "public": strange["public"]}


def test_nothing_is_sent_under_another_account(browser, ibu_sari, ibu_wati, kept):
    sari, wati = browser(ibu_sari), browser(ibu_wati)
    item = kept(sari, ibu_sari)
    for path in (BOX, f"{BOX}/perbaiki"):
        told = wati.post(path, status=403, headers={"Accept": "application/json"}, **item).json
        assert told["error"] == "others_item" and "milik akun lain" in told["message"]
    assert women() == []


ANSWERS = {
    "done": 201,
    "done again": 201,
    "no token": 400,
    "nobody": 401,
    "another role": 403,
    "another account": 403,
    "a campaign elsewhere": 404,
    "somebody with this NIK": 409,
    "a campaign that is over": 409,
    "far too much": 413,
    "a wrong NIK": 422,
    "another content": 422,
    "no key file": 503,
}


@pytest.mark.parametrize(("case", "status"), ANSWERS.items())
def test_each_answer_is_json_with_the_sign_of_ours(
    app, browser, cast, campaign, ibu_sari, kept, case, status, monkeypatch
):
    screen = browser(ibu_sari)
    item, sender = kept(screen, ibu_sari, nik=nik(1)), screen
    form = {"csrf_token": screen.token()}
    match case:
        case "done again" | "another content":
            screen.send(BOX, **item)
            if case == "another content":
                item = kept(screen, ibu_sari, sent_under=item["key"], name="Lain", nik=nik(2))
        case "no token":
            form = {"csrf_token": "salah"}
        case "nobody":
            sender = browser()
            form = {"csrf_token": sender.token()}
        case "another role" | "another account":
            sender = browser(cast.bidan_ratna if case == "another role" else cast.ibu_wati)
            form = {"csrf_token": sender.token()}
        case "a campaign elsewhere":
            item = phone.item(ibu_sari, cast.elsewhere, said(), public=phone.public_key(screen))
        case "somebody with this NIK":
            builders.registered(cast.ibu_wati, nik=nik(1))
        case "a campaign that is over":
            with writing():
                db.session.get_one(type(campaign), campaign.id).stage = Stage.CLOSED
        case "far too much":
            item["sealed"] = "A" * 300_000
        case "a wrong NIK":
            item = kept(screen, ibu_sari, nik="1")
        case "no key file":
            monkeypatch.setattr(app.extensions["keys"], "state", KeyState.MISSING)
    answer = sender.ask("POST", BOX, data=item | form)  # asks for nothing in particular
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert answer.json["ok"] is (status == 201)
    assert answer.json["key"] == item["key"] if status == 201 else answer.json["error"] and answer.json["message"]


def test_with_a_wrong_key_file_nothing_is_called_broken_and_no_phone_is_given_a_key(
    app, browser, ibu_sari, campaign, kept, monkeypatch
):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari)
    monkeypatch.setattr(app.extensions["keys"], "state", KeyState.WRONG)
    assert screen.send(BOX, status=503, **item)["error"] == "read_only"
    assert screen.get("/csrf").json["key"] == ""
    assert 'data-key=""' in screen.get(f"/kader/{campaign.id}/daftar").text


# ---- The phone's clock ----


@pytest.mark.parametrize("off", [timedelta(days=n) for n in (-3650, -1, 1, 3650)], ids=lambda off: f"{off.days} days")
def test_a_phone_years_off_moves_no_count_and_its_time_is_a_claim_put_right(browser, campaign, ibu_sari, kept, off):
    screen, typed_at = browser(ibu_sari), now() - timedelta(hours=5)
    told = screen.send(BOX, **kept(screen, ibu_sari, at=(typed_at + off).isoformat()), now=ms(now() + off))
    deed, step = db.session.scalars(db.select(Deed)).one(), db.session.scalars(db.select(Step)).one()
    assert abs(deed.phone_ahead - off.total_seconds()) < 60
    assert abs(deed.done_at - typed_at) < timedelta(minutes=1) and step.done_at == deed.done_at
    assert now() - step.written_at < timedelta(minutes=1), "the server's time decides"
    assert campaign.day_of(women()[0].registered_at) == campaign.day_of(now())
    assert told["at"][:10] == str(campaign.day_of(step.written_at))
    assert beads(campaign) == {"registered": 1} and queries.differences() == []


@pytest.mark.parametrize(
    "claimed", ["", "kemarin", "+012025-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-13-01"]
)
@pytest.mark.parametrize("clock", ["", "-", "9" * 17, "-" + "9" * 17, "9" * 40])
def test_a_clock_nobody_can_read_refuses_nothing(browser, campaign, ibu_sari, kept, claimed, clock):
    screen = browser(ibu_sari)
    assert screen.send(BOX, **kept(screen, ibu_sari, at=claimed or "-"), now=clock)["ok"]
    assert db.session.scalars(db.select(Deed)).one().done_at is None


def test_a_claim_is_put_right_by_as_much_as_the_clock_is_off():
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert phone_clock.ahead(ms(noon + timedelta(hours=3)), noon) == 3 * 3600
    assert phone_clock.put_right(noon + timedelta(hours=2), 3 * 3600) == noon - timedelta(hours=1)
    assert phone_clock.put_right(noon, None) == noon
    # Half a minute on the way, and no clock that is behind.
    assert phone_clock.put_right(noon, -30) == noon and phone_clock.put_right(noon, 30) == noon - timedelta(seconds=30)
    assert phone_clock.put_right(noon, -61) == noon + timedelta(seconds=61)
    assert phone_clock.put_right(datetime(9999, 12, 29, tzinfo=UTC), -phone_clock.MOST) is None
    assert phone_clock.ahead(10**17, noon) == phone_clock.MOST and phone_clock.ahead(None, noon) is None


# ---- To be mended ----


def test_what_was_sent_back_comes_as_the_filled_form_with_what_is_wrong(browser, ibu_sari, kept, campaign):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari, nik=nik(1)[:15], name="Euis Kurniasih")
    page = screen.post(f"{BOX}/perbaiki", status=200, **item, error="form").text
    assert "Euis Kurniasih" in page and nik(1)[:15] in page
    assert screen.errors["nik"].startswith("NIK harus 16 angka")
    assert f'data-mends="{item["key"]}"' in page
    assert f'name="key" value="{item["key"]}"' in page, "the same registration, so the same key"
    assert screen.last.headers["Cache-Control"] == "no-store"
    assert women() == []


def test_one_whose_nik_stands_already_says_whom_to_ask_at_the_field(browser, ibu_sari, ibu_wati, kept):
    screen = browser(ibu_sari)
    builders.registered(ibu_wati, nik=nik(1), name="Rahasia")
    page = screen.post(
        f"{BOX}/perbaiki", status=200, **kept(screen, ibu_sari, nik=nik(1)), error="already_registered"
    ).text
    assert "sudah terdaftar" in screen.errors["nik"] and "Rahasia" not in page


def test_one_whose_key_was_used_for_another_gets_a_key_of_its_own(browser, ibu_sari, kept):
    screen = browser(ibu_sari)
    item = kept(screen, ibu_sari)
    page = screen.post(f"{BOX}/perbaiki", status=200, **item, error="key_reused").text
    assert f'data-mends="{item["key"]}"' in page and f'name="key" value="{item["key"]}"' not in page
    assert "sudah pernah dikirim dengan isi lain" in screen.words


def test_what_cannot_be_opened_cannot_be_mended_and_says_so(browser, ibu_sari, kept):
    screen = browser(ibu_sari)
    screen.post(f"{BOX}/perbaiki", status=422, **spoilt(kept(screen, ibu_sari)))
    assert "Daftarkan Ibu itu sekali lagi" in screen.words


# ---- What the office sees of it ----


def of_her_phone(ibu_sari):
    return db.session.scalars(db.select(Device).where(Device.person_id == ibu_sari.id)).one()


def test_the_phone_says_how_many_it_holds_and_since_when(browser, ibu_sari):
    screen, fast = browser(ibu_sari), timedelta(hours=2)
    oldest = now() - timedelta(days=3)
    said = {"unsent": 12, "parked": 3, "oldest": (oldest + fast).isoformat(), "now": ms(now() + fast)}
    assert screen.send(f"{BOX}/keadaan", status=200, **said)["ok"]
    device = of_her_phone(ibu_sari)
    assert (device.unsent, device.parked) == (12, 3)
    assert abs(device.oldest_unsent_at - oldest) < timedelta(minutes=1), "by our clock"
    assert now() - device.told_at < timedelta(minutes=1)
    screen.send(f"{BOX}/keadaan", status=200, unsent=0, parked=0, oldest="", now="")
    assert (of_her_phone(ibu_sari).unsent, of_her_phone(ibu_sari).oldest_unsent_at) == (0, None)
    assert screen.send(f"{BOX}/keadaan", status=422, unsent="banyak", parked=0)["ok"] is False


def test_only_ones_own_browser_is_told_of(browser, ibu_sari, ibu_wati):
    browser(ibu_wati)
    browser(ibu_sari).send(f"{BOX}/keadaan", status=200, unsent=5, parked=0, oldest="", now="")
    assert of_her_phone(ibu_wati).unsent == 0


# ---- What the phone keeps of us ----


def test_the_shell_holds_the_empty_form_and_nobody(browser, campaign, ibu_sari, margacinta):
    screen = browser(ibu_sari)
    page = screen.get(f"/kader/{campaign.id}/daftar/kosong")
    assert page.headers["X-Shell-Owner"] == str(ibu_sari.id) and page.headers["X-Shell-Version"]
    assert margacinta.name in screen.words and "Bacakan dulu" in screen.words
    assert ibu_sari.name not in page.text and "sari" not in page.text.lower().replace("ibu sendiri", "")
    token = re.search(r'name="csrf_token" value="([^"]*)"', page.text)
    assert token is None or token[1] == ""
    assert 'X-CSRFToken": ""' in page.text
    assert re.search(r'name="key" value=""', page.text), "a key in a kept page would be everybody's"
    assert screen.get("/csrf").json["key"] in page.text.replace("&#43;", "+"), "so that it can be sealed weeks later"
    assert f'data-owner="{ibu_sari.id}"' in page.text and 'data-is-shell="yes"' in page.text


def test_the_worker_and_the_manifest_are_there_for_anybody(browser):
    screen = browser()
    worker = screen.get("/sw.js")
    assert worker.mimetype == "text/javascript" and worker.headers["Cache-Control"] == "no-store"
    assert worker.text.startswith("const VERSION =") and "/static/outbox.js?v=" in worker.text
    manifest = screen.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    told = manifest.json
    assert told["display"] == "standalone" and {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        picture = screen.ask("GET", icon["src"])
        assert picture.mimetype == "image/png"


def test_the_switch_takes_the_worker_away_and_leaves_the_outbox(app, browser, ibu_sari):
    from dataclasses import replace

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], has_service_worker=False)
    off = browser().get("/sw.js").text
    assert "unregister" in off and "caches.delete" in off and "deleteDatabase" not in off
    assert 'data-worker=""' in browser(ibu_sari).get("/kader/hp").text


def test_signing_out_clears_nothing_of_the_phone(browser, ibu_sari):
    screen = browser(ibu_sari)
    screen.post("/keluar")
    assert "Clear-Site-Data" not in screen.last.headers


def test_who_works_at_a_desk_is_not_given_the_outbox(browser, cast, campaign):
    assert "outbox.js" not in browser(cast.bu_lilis).get("/dppkb/").text
    assert "outbox.js" in browser(cast.ibu_sari).get(f"/kader/{campaign.id}").text
    assert "outbox.js" in browser().get("/masuk").text, "what waits on this phone is said at the door"


def test_without_script_the_page_about_the_phone_says_what_still_works(browser, ibu_sari):
    screen = browser(ibu_sari)
    screen.get("/kader/hp")
    assert "Pendaftaran tetap bisa, tetapi hanya saat ada sinyal" in screen.words


# ---- The envelope itself ----


def test_an_envelope_opens_with_the_master_key_alone_and_under_its_own_label(tmp_path):
    keys = Keys(tmp_path / "master.key")
    keys.make()
    envelope = phone.seal(b"Neng", "a label", keys.outbox_public)
    assert Keys(tmp_path / "master.key").open_envelope(envelope, b"a label") == b"Neng", "derived, not kept anywhere"
    assert b"Neng" not in envelope
    for other in (b"", envelope[:60], bytes([2]) + envelope[1:], envelope[:5] + bytes(65) + envelope[70:]):
        with pytest.raises(CannotOpen):
            keys.open_envelope(other, b"a label")
    with pytest.raises(CannotOpen):
        keys.open_envelope(envelope, b"another")


# ---- Answers that get lost ----


def test_when_four_answers_of_ten_are_lost_there_are_as_many_women_as_registrations(
    app, browser, campaign, ibu_sari, kept
):
    """The server commits, the socket dies: the phone knows nothing and sends the same again. On both engines."""
    import random

    chance, screen = random.Random(4), browser(ibu_sari)
    waiting = [kept(screen, ibu_sari, name=f"Neng {n}", nik=nik(n)) for n in range(40)]
    sent, lost, ids = 0, 0, {}
    while waiting:
        item = waiting[0]
        answer = screen.send(BOX, **item, now=ms(now()))
        sent += 1
        if chance.random() < 0.4:
            lost += 1
            continue
        ids[item["key"]] = answer["id"]
        waiting.pop(0)
    assert lost > 15 and sent == lost + 40
    assert len(women()) == len(set(ids.values())) == 40
    assert {str(woman.id) for woman in women()} == set(ids.values())
    assert beads(campaign_of(campaign.id, seen_by=ibu_sari)) == {"registered": 40} and queries.differences() == []
