"""Huge, odd and hostile input: refused in words or kept as it is, never a broken server, never run."""

import io
import re
from uuid import UUID

import pytest

from campaign import actions, queries
from campaign.cli import access_rows
from campaign.extensions import db
from campaign.models import Akseptor, FollowUp, Person
from tests import builders
from tests.builders import attended, booked, key, nik, registered

LONG = "9" * 400
NUL = "Neng\x00Siti"


def said(**also):
    about = {"name": "Neng Siti", "no_nik_reason": "hilang", "wanted": "implan", "has_consent": "y"}
    return about | {"is_counselled": "y"} | also


def names():
    return db.session.scalars(db.select(Akseptor.name)).all()


def told_no(answer, cell=""):
    assert 400 <= answer.status_code < 500, f"{cell} {answer.status_code}: {answer.text[:300]}"


# ---- Too much ----


def test_ten_megabytes_are_refused_in_words(browser, campaign, ibu_sari, bu_lilis):
    phone = browser(ibu_sari)
    huge = {"name": "x" * 10_000_000}
    phone.post(f"/kader/{campaign.id}/daftar", status=413, **huge)
    assert "Yang dikirim terlalu besar." in phone.words
    told = phone.send(f"/kader/{campaign.id}/daftar", status=413, **huge)
    assert (told["ok"], told["message"]) == (False, "Yang dikirim terlalu besar.")
    head = b'--y\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    sheet = {"data": head + b"kode,bobot\n" * 1_000_000, "content_type": "multipart/form-data; boundary=y"}
    office = browser(bu_lilis)
    token = {"X-CSRFToken": office.token()}
    answer = office.ask("POST", "/dppkb/lembar", headers=token, **sheet)
    assert answer.status_code == 413 and "Yang dikirim terlalu besar." in answer.text
    browser().post("/masuk", status=413, name="sari", password="x" * 10_000_000)
    assert names() == []


def test_ten_thousand_fields_are_refused(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    many = {f"f{number}": "x" for number in range(10_000)}
    told_no(phone.ask("POST", f"/kader/{campaign.id}/daftar", data=many | {"csrf_token": phone.token()}))
    parts = {f"f{number}": (io.BytesIO(b"x"), "x") for number in range(300)}
    told_no(phone.ask("POST", f"/kader/{campaign.id}/daftar", data=parts | {"csrf_token": phone.token()}))


def test_another_kind_of_body_is_refused(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    head = {"X-CSRFToken": phone.token()}
    path = f"/kader/{campaign.id}/daftar"
    told_no(phone.ask("POST", path, data="[" * 10_000, content_type="application/json", headers=head))
    shallow = '{"key": 1, "name": {"a": []}, "nik": [1], "has_consent": null}'
    told_no(phone.ask("POST", path, data=shallow, content_type="application/json", headers=head))
    told_no(phone.ask("POST", path, data=b"\xff\xfe\x00", content_type="multipart/form-data", headers=head))
    told_no(phone.ask("POST", path, data=b"x", content_type="multipart/form-data; boundary=y", headers=head))
    told_no(
        phone.ask(
            "POST", path, data=b"a=%ff%fe&key=%00", content_type="application/x-www-form-urlencoded", headers=head
        )
    )
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        told_no(phone.ask(method, path, headers=head), method)


# ---- Odd values, in every field ----

ODD = [NUL, LONG, "²", "9999-12-31", "-1\r\n' OR 1=1 --" + "😀" * 60]


def fields_of(html: str) -> set[str]:
    return set(re.findall(r'name="([a-z_]+)"', html)) - {"csrf_token", "viewport", "theme"}


FORMS = {
    "ibu_sari": ["/kader/{campaign}/daftar"],
    "bidan_ratna": [
        "/puskesmas/{campaign}/hari-baru",
        "/puskesmas/libur",
        "/puskesmas/stok/{point}",
        "/puskesmas/hari/{day}/datang",
        "/puskesmas/hari/{day}/{here}/layani",
        "/puskesmas/hari/{day}/{here}/tunda",
        "/puskesmas/hari/{day}/{here}/betulkan",
        "/puskesmas/hari/{day}/{here}/rujuk",
        "/puskesmas/hari/{day}",
        "/puskesmas/{campaign}/cari",
    ],
    "bu_lilis": [
        "/dppkb/kampanye/baru",
        "/dppkb/kampanye/{campaign}/langkah/nama",
        "/dppkb/kampanye/{campaign}/langkah/waktu",
        "/dppkb/kampanye/{campaign}/langkah/hitungan",
        "/dppkb/kampanye/{campaign}/target/bagi",
        "/dppkb/wilayah",
        "/dppkb/wilayah/32.14.12.2001",
        "/dppkb/lembar",
        "/dppkb/tempat",
        "/dppkb/orang/baru",
        "/dppkb/orang/{wati}",
        "/dppkb/orang/{wawan}/desa",
        "/dppkb/tempat/{point}",
        "/dppkb/sebutan",
        "/pertemuan/soal",
        "/pertemuan/{hall}/bahan",
        "/pertemuan/undangan/{invitee}/nilai",
    ],
    "pak_dedi": ["/kata-sandi", "/aktivasi"],
    "pak_wawan": ["/akun/pin"],
}
RIGHT = {
    "birth_date": "1990-03-10",
    "sign_in_name": "baru",
    "role": "kader",
    "desa_code": "32.14.12.2001",
    "kind": "puskesmas",
    "kecamatan_code": "32.14.12",
    "method": "iud",
    "participant": "baru",
    "has_informed_consent": "ya",
    "no_nik_reason": "hilang",
    "wanted": "iud",
    "way": "sama",
    "zone": "Asia/Jakarta",
    "headline": "20",
    "counted_methods": "iud",
    "counted_participants": "baru",
    "grace_days": "2",
    "correction_days": "2",
    "has_consent": "y",
    "is_counselled": "y",
    "seats": "5",
    "starts_at": "08:00",
    "ends_at": "15:00",
    "name": "Nama",
    "reason": "lain",
}


@pytest.mark.parametrize("who", FORMS)
def test_no_field_of_any_form_breaks_the_server(browser, cast, campaign, day, today, who):
    here = attended(cast.ibu_sari, cast.bidan_ratna, day)
    places = {"campaign": campaign.id, "day": day.id, "here": here.id, "point": cast.maracang.id}
    places |= {"wati": cast.ibu_wati.id, "wawan": cast.pak_wawan.id}
    hall = builders.gathering(cast.bu_lilis)
    invitee = builders.invited(hall, cast.ibu_wati, by=cast.bu_lilis)[0]
    places |= {"hall": hall.id, "invitee": invitee.id}
    right = RIGHT | {"on": str(today), "opens_on": str(today), "closes_on": str(today), "point": str(cast.maracang.id)}
    screen = browser(getattr(cast, who))
    token, broken = screen.token(), []
    for form in FORMS[who]:
        path = form.format(**places)
        fields = fields_of(screen.ask("GET", path).text) - {"nama", "old", "new", "again"}
        for field in sorted(fields | {"key"}):
            for odd in ODD:
                filled = (
                    {name: right.get(name, "") for name in fields} | {"key": key(), "csrf_token": token} | {field: odd}
                )
                answer = screen.ask("POST", path, data=filled)
                if answer.status_code >= 500:
                    broken.append(f"{form} {field}={odd[:20]!r}: {answer.status_code}")
    assert "\n".join(broken) == ""


OURS = ("dppkb.target", "dppkb.sheets", "dppkb.wilayah")


def test_no_address_breaks_the_server(app, browser, cast, campaign, day):
    """Queries, pages and broken ids, on every address that can be looked at."""
    here = booked(cast.ibu_sari, day)
    own = {"campaign_id": campaign.id, "day_id": day.id, "akseptor_id": here.id, "person_id": cast.ibu_wati.id}
    own |= {"kecamatan_code": "desa", "part": "desa", "filename": "campaign.css", "token": "a" * 32}
    own |= {"step": "waktu", "split_id": here.id, "import_id": here.id, "kind": "kader", "code": "32.14.12.2001"}
    own |= {
        "sheet_id": builders.paper_sheet(cast.ibu_sari).id,
        "merge_id": here.id,
        "other_id": here.id,
        "transfer_id": here.id,
    }
    own |= {"notice_id": here.id, "blackout_id": here.id}
    served = builders.standing_service(builders.served(cast.ibu_sari, cast.bidan_ratna, day, name="Titin"))
    visit = db.session.scalars(db.select(FollowUp.id).filter_by(service_id=served.id).limit(1)).one()
    own |= {
        "service_id": served.id,
        "follow_up_id": visit,
        "faskes_id": cast.maracang.id,
        "month_text": "2026-11",
        "day_text": "2026-11-22",
        "method": "iud",
        "table_file": "hari.xlsx",
    }
    own |= {"referral_id": here.id}
    gathering = builders.gathering(cast.bu_lilis)
    own |= dict.fromkeys(("gathering_id", "hall_id", "meeting_id"), gathering.id) | {"door_code": gathering.door_code}
    own["invitee_id"] = builders.invited(gathering, cast.ibu_sari, by=cast.bu_lilis)[0].id
    link, token = builders.wall(by=cast.bu_lilis)
    own |= {"wall_id": link.id, "wall_token": token}
    made = builders.gathering(cast.bu_lilis)
    (invited,) = builders.invited(made, cast.ibu_sari, by=cast.bu_lilis)
    own |= {"gathering_id": made.id, "hall_id": made.id, "meeting_id": made.id, "invitee_id": invited.id}
    text = actions.add_material(made, title="Enam peran", text="satu", by=cast.bu_lilis, key=key())
    own |= {"question_id": builders.questions(made, by=cast.bu_lilis)[0].id, "material_id": text.id}
    own |= {"list_file": "peserta.xlsx"}
    own |= {"ticket": queries.ticket_code(queries.bookings_of([here])[here.id])}
    own |= {"plkb_id": cast.pak_wawan.id, "point_id": cast.maracang.id, "device_id": here.id, "her_device_id": here.id}
    invitee = builders.invited(gathering, cast.bu_lilis, by=cast.bu_lilis)[0]
    own |= {"decision_id": here.id, "event_id": gathering.id}
    own["screen_id"] = builders.hall_wall(gathering, by=cast.bu_lilis)[0].id
    own |= {"photo_id": builders.photo(gathering, by=cast.bu_lilis).id}
    own |= {"certificate_code": builders.certificate(invitee, by=cast.bu_lilis).code}
    odd_queries = [
        f"{name}={odd}"
        for name in (
            "hal",
            "nama",
            "cari",
            "kecamatan",
            "status",
            "peran",
            "wilayah",
            "keadaan",
            "desa",
            "lanjut",
            "urut",
            "arah",
            "isi",
            "areas",
            "level",
            "officers",
        )
        for odd in ("%00", "-1", "x", LONG, "9223372036854775807", "%ff%fe", "'")
    ]
    broken = []
    for person, roles in ((cast.ibu_sari, "kader"), (cast.bidan_ratna, "puskesmas"), (cast.bu_lilis, "dppkb")):
        screen = browser(person)
        for row in access_rows(app):
            if "GET" not in row["methods"] or roles not in row["roles"] or row["endpoint"].endswith("stream"):
                continue
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(own[m[1]]), row["rule"])
            wants = [path]
            if row["endpoint"] in (
                "kader.akseptor_list",
                "dppkb.person_list",
                "puskesmas.to_book",
                "gathering.desk",
                *OURS,
            ):
                wants += [f"{path}?{query}" for query in odd_queries]
            for wrong in ("%00", str(here.id)[:-1]):
                wants += [re.sub(r"<(?:\w+:)?(\w+)>", wrong, row["rule"])]
            for want in wants:
                answer = screen.ask("GET", want)
                if answer.status_code >= 500:
                    broken.append(f"{roles} {want[:120]}: {answer.status_code}")
    assert "\n".join(broken) == ""


def test_no_name_or_password_breaks_the_door(browser, cast):
    screen = browser()
    for odd in (NUL, "x" * 5000, "\r\n", "' OR 1=1 --", "😀", "ratna\u200b\u202e", "²"):
        for name, password in ((odd, "x"), ("sari", odd), (odd, odd)):
            typed = {"name": name, "password": password, "words": password, "pin": password, "perangkat": name}
            screen.ask("POST", "/masuk/pin", data=typed | {"csrf_token": screen.token()})
            told_no(screen.ask("POST", "/aktivasi", data=typed | {"csrf_token": screen.token()}))
            answer = screen.ask("POST", "/masuk", data=typed | {"csrf_token": screen.token()})
            assert answer.status_code in (400, 422), f"{odd[:20]!r}: {answer.status_code}"


def test_odd_headers_break_nothing(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    for name in (
        "Accept",
        "HX-Request",
        "HX-Target",
        "Sec-Fetch-Site",
        "Accept-Language",
        "Referer",
        "Range",
        "If-None-Match",
    ):
        for odd in ("x" * 8000, "\u00ff", "*/*;q=x", "text/html;q=nan", ",,,;;;"):
            answer = phone.ask("GET", f"/kader/{campaign.id}", headers={name: odd})
            assert answer.status_code < 500, f"{name}: {odd[:20]!r}"


# ---- Names ----

ODD_NAMES = [
    "Nur'aini",
    "=1+1",
    "<b>x</b>",
    "{{7*7}}",
    "${7*7}",
    "<img src=x onerror=alert(1)>",
    'Ai "Ipah" & Co',
    "NULL",
]
ODD_NAMES += [
    "-",
    "ᮔᮨᮀ ᮞᮤᮒᮤ",
    "محمد",
    "Siti 😀",
    "' OR '1'='1",
    "javascript:alert(1)",
    "</script><script>alert(1)</script>",
]


def test_an_odd_name_is_kept_and_shown_as_it_is_and_never_run(browser, campaign, ibu_sari, bidan_ratna, day):
    phone, desk = browser(ibu_sari), browser(bidan_ratna)
    shown = []
    for name in ODD_NAMES:
        phone.post(f"/kader/{campaign.id}/daftar", **said(name=name))
        neng = db.session.scalars(db.select(Akseptor).where(Akseptor.name == name)).one()
        shown += [phone.ask("GET", f"/kader/akseptor/{neng.id}").text]
        builders.actions.book(neng, day=day, by=ibu_sari, key=key()) if day.free else None
    assert sorted(names()) == sorted(ODD_NAMES)
    shown += [phone.ask("GET", f"/kader/{campaign.id}").text, desk.ask("GET", f"/puskesmas/hari/{day.id}").text]
    for html in shown:
        assert "<b>x" not in html and "<img" not in html and "<script>" not in html and ">49<" not in html
    listed = phone.ask("GET", f"/kader/{campaign.id}").text
    for escaped in ("Nur&#39;aini", "=1+1", "&lt;b&gt;x&lt;/b&gt;", "{{7*7}}", "&lt;img src=x onerror=alert(1)&gt;"):
        assert escaped in listed
    phone.ask("GET", f"/kader/{campaign.id}?nama=<b>x")
    assert "<b>x" not in phone.ask("GET", f"/kader/{campaign.id}?nama=<b>xy").text


HIDDEN = {
    "right-to-left override": ("Neng\u202eitiS", "NengitiS"),
    "zero width": ("Ne\u200bng\u200d Si\ufeffti", "Neng Siti"),
    "isolates": ("\u2066Neng\u2069 Siti", "Neng Siti"),
    "soft hyphen": ("Ne\u00adng", "Neng"),
    "NUL and tab": ("Neng\x00\tSiti", "Neng Siti"),
    "line ends": ("Neng\r\nSiti", "Neng Siti"),
    "many spaces": ("  Neng \u00a0  Siti  ", "Neng Siti"),
    "composed": ("Ame\u0301lie", "Am\u00e9lie"),
}


def test_what_hides_or_turns_text_is_taken_out(browser, campaign, ibu_sari):
    phone, found = browser(ibu_sari), {}
    for case, (typed, _kept) in HIDDEN.items():
        answer = phone.post(f"/kader/{campaign.id}/daftar", **said(name=typed))
        found[case] = db.session.get(Akseptor, UUID(answer.location.split("/")[3])).name
    assert found == {case: kept for case, (_typed, kept) in HIDDEN.items()}


def test_a_name_of_nothing_that_can_be_seen_is_no_name(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    for name in ("\u200b\u202e", "\x00", "\u00a0 "):
        phone.post(f"/kader/{campaign.id}/daftar", status=422, **said(name=name))
        assert phone.errors == {"name": "Isi nama lengkapnya."}


def test_a_hundred_and_twenty_letters_are_a_name_and_one_more_is_not(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    for letter in ("x", "é", "ᮔ", "😀"):
        phone.post(f"/kader/{campaign.id}/daftar", **said(name=letter * 120))
        assert letter * 120 in names()
        phone.post(f"/kader/{campaign.id}/daftar", status=422, **said(name=letter * 121))
        assert phone.errors == {"name": "Paling banyak 120 huruf."}


ODD_FILES = {
    "NUL in a name": b"nama,nama_masuk,kode_desa,rw\nIbu\x00X,baru,32.14.12.2001,\n",
    "one endless cell": b"nama,nama_masuk,kode_desa,rw\n" + b"x\n," * 10 + b"x" * 140_000,
    "an open quote": b'nama,nama_masuk,kode_desa,rw\n"Ibu,baru,32.14.12.2001,\n',
    "more cells than columns": b"nama,nama_masuk,kode_desa,rw\na,b,c,d,e,f,g\n",
    "fewer cells": b"nama,nama_masuk,kode_desa,rw\na\n",
    "a column twice": b"nama,nama,nama_masuk,kode_desa,rw\na,b,c,d,e\n",
    "carriage returns alone": b"nama,nama_masuk,kode_desa,rw\rIbu,,32.14.12.2001,\r",
    "a spreadsheet": b"PK\x03\x04" + b"\x00" * 100,
}


def test_an_odd_file_is_refused_in_words_or_taken_clean(browser, bu_lilis, campaign):
    office, hall = browser(bu_lilis), builders.gathering(bu_lilis)
    for case, raw in ODD_FILES.items():
        for kind in ("kader", "bobot", "peserta"):
            form = {"key": key(), "csrf_token": office.token(), "file": (io.BytesIO(raw), "x.csv"), "kind": kind}
            form |= {"gathering_id": str(hall.id)}
            answer = office.ask("POST", "/dppkb/lembar", data=form)
            assert answer.status_code in (303, 413, 422), f"{case}, {kind}: {answer.status_code}"
        assert not [name for name in db.session.scalars(db.select(Person.name)) if not name.isprintable()]


# ---- Words that no list knows ----


def test_a_choice_that_is_none_is_refused_in_indonesian(browser, campaign, ibu_sari, bidan_ratna, day):
    phone = browser(ibu_sari)
    phone.post(f"/kader/{campaign.id}/daftar", status=422, **said(wanted="susuk ajaib", no_nik_reason="entah"))
    assert set(phone.errors) == {"wanted", "no_nik_reason"}
    assert "Not a valid choice" not in phone.words
    here = attended(ibu_sari, bidan_ratna, day, nik=nik(1))
    desk = browser(bidan_ratna)
    form = {"method": "ajaib", "participant": "ajaib", "has_informed_consent": "mungkin", "served_on": "besok"}
    desk.post(f"/puskesmas/hari/{day.id}/{here.id}/layani", status=422, **form)
    assert set(desk.errors) == set(form)
    assert "Not a valid" not in desk.words and "Invalid" not in desk.words
    desk.post(f"/puskesmas/{campaign.id}/hari-baru", status=422, starts_at="pagi", ends_at="25:99", on="", seats="")
    assert "Not a valid" not in desk.words and "Invalid" not in desk.words


def test_a_filter_that_is_none_shows_everybody(browser, campaign, ibu_sari):
    registered(ibu_sari)
    phone = browser(ibu_sari)
    for query in ("status=ajaib", "hal=x", "hal=0", "hal=-1"):
        phone.get(f"/kader/{campaign.id}?{query}")
        assert "Neng Siti" in phone.words, query
        assert "halaman -1" not in phone.words


def test_a_page_far_beyond_the_last_is_empty_and_not_broken(browser, campaign, ibu_sari, bu_lilis):
    registered(ibu_sari)
    for page in ("2", "999999", "9223372036854775807", LONG):
        browser(ibu_sari).get(f"/kader/{campaign.id}?hal={page}")
        browser(bu_lilis).get(f"/dppkb/orang?hal={page}")
