"""Who holds a cookie, and for how long: copies die with the sign-in, tries are counted, other sites post nothing."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from app import create_app
from campaign import live
from campaign.access import CSP
from campaign.actions import sessions, tries
from campaign.actions.transaction import now
from campaign.cli import access_rows
from campaign.extensions import db
from campaign.models import Person, SignIn, SignInTry
from campaign.views.answers import inside
from tests import builders
from tests.builders import PASSWORD, key
from tests.screen import Screen

NEW = "kuda laut minum teh"


def copy_of(app, screen) -> Screen:
    """Another browser with the very same cookies."""
    thief = Screen(app)
    thief.client._cookies = dict(screen.client._cookies)
    return thief


def lists(campaign) -> str:
    return f"/kader/{campaign.id}"


def since(**span):
    """Move every sign-in so far into the past: it began and was seen that much earlier."""
    with builders.writing() as session:
        for row in session.scalars(db.select(SignIn)):
            gone = timedelta(**span)
            row.began_at, row.seen_at, row.ends_at = row.began_at - gone, row.seen_at - gone, row.ends_at - gone


# ---- Copies ----


def test_a_copied_cookie_dies_when_its_owner_signs_out(app, browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    thief = copy_of(app, phone)
    thief.get(lists(campaign))
    phone.post("/keluar")
    thief.get(lists(campaign), status=303)


def test_a_copied_cookie_dies_when_the_account_is_disabled(app, browser, campaign, ibu_sari, bu_lilis):
    thief = copy_of(app, browser(ibu_sari))
    browser(bu_lilis).post(f"/dppkb/orang/{ibu_sari.id}/nonaktif")
    thief.get(lists(campaign), status=303)


def test_a_copied_cookie_dies_when_she_changes_her_password_and_hers_lives(app, browser, campaign, ibu_sari):
    phone, other = browser(ibu_sari), browser(ibu_sari)
    thief = copy_of(app, other)
    phone.post("/kata-sandi", old=PASSWORD, new=NEW, again=NEW)
    for signed_out in (other, thief):
        signed_out.get(lists(campaign), status=303)
    phone.get(lists(campaign))


def test_every_sign_in_has_a_token_of_its_own_and_the_database_keeps_only_its_hash(app, browser, ibu_sari):
    cookies = {browser(ibu_sari).client.get_cookie("sesi").value for _ in range(3)}
    assert len(cookies) == 3
    hashes = db.session.scalars(db.select(SignIn.token_hash)).all()
    assert len({*hashes}) == 3 and all(len(kept) == 32 for kept in hashes)


def test_a_cookie_set_before_signing_in_is_worth_nothing_after(app, browser, campaign, ibu_sari):
    stranger = browser()
    stranger.get("/masuk")
    planted = copy_of(app, stranger)
    stranger.sign_in("sari")
    planted.get(lists(campaign), status=303)


def test_a_cookie_that_was_tampered_with_is_nobodys(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    value = phone.client.get_cookie("sesi").value
    for wrong in (value[:-2], "x" + value, value.replace(".", ""), "", "\u00e9", "a" * 4000):
        phone.client.set_cookie("sesi", wrong)
        phone.get(lists(campaign), status=303)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, ibu_sari):
    browser_ = browser()
    cookies = browser_.sign_in("sari").headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"sesi", "perangkat"}
    for cookie in cookies:
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie


def test_in_production_it_travels_over_https_alone_and_binds_to_this_host(settings):
    real = create_app(replace(settings, is_production=True, trusted_hosts=("kampanye.example",)))
    with real.app_context(), closing_engine():
        builders.cast()
        screen, at = Screen(real), {"base_url": "https://kampanye.example"}
        page = screen.ask("GET", "/masuk", **at)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        form = {"name": "sari", "password": PASSWORD, "csrf_token": token}
        there = {"Referer": "https://kampanye.example/masuk"}
        answer = screen.ask("POST", "/masuk", data=form, headers=there, **at)
        cookies = answer.headers.getlist("Set-Cookie")
        assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-sesi", "__Host-perangkat"}
        assert all("Secure" in cookie and "Path=/" in cookie for cookie in cookies)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_under_another_host_name_nobody_answers(settings):
    real = create_app(replace(settings, trusted_hosts=("kampanye.example",)))
    with real.app_context(), closing_engine():
        for person in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            answer = Screen(real).ask("GET", "/masuk", base_url="https://jahat.example", headers=person)
            assert answer.status_code == 400 and "jahat" not in answer.text


@contextmanager
def closing_engine():
    try:
        yield
    finally:
        db.session.remove()
        db.engine.dispose()


# ---- How long ----


@pytest.mark.parametrize(
    "who, room, within, after",
    [
        ("bidan_ratna", "/puskesmas/", {"minutes": 29}, {"minutes": 31}),
        ("bu_lilis", "/dppkb/", {"minutes": 29}, {"minutes": 31}),
        ("pak_wawan", "/plkb/", {"minutes": 29}, {"minutes": 31}),
        ("ibu_sari", "/kader/", {"days": 29}, {"days": 31}),
        ("pak_dedi", "/papan/", {"hours": 11}, {"hours": 13}),
    ],
)
def test_who_is_away_too_long_signs_in_again(app, cast, browser, who, room, within, after):
    def leads_to():
        return screen.ask("GET", room).headers.get("Location", "")

    screen = browser(getattr(cast, who))
    since(**within)
    assert "/masuk" not in leads_to()
    with builders.writing() as session:
        for row in session.scalars(db.select(SignIn)):
            row.began_at = row.seen_at = now()
            row.ends_at = now() + sessions.LASTS[getattr(cast, who).role]
    since(**after)
    assert "/masuk" in leads_to()


def test_work_goes_on_as_long_as_she_works_and_ends_after_twelve_hours(app, cast, browser, bidan_ratna):
    desk = browser(bidan_ratna)
    for _ in range(25):
        since(minutes=28)
        answer = desk.ask("GET", "/puskesmas/")
    assert answer.location == f"/puskesmas/{cast.campaign.id}"
    since(minutes=28)
    assert desk.ask("GET", "/puskesmas/").location.startswith("/masuk")


def test_a_board_that_refreshes_by_itself_keeps_nobody_signed_in(app, browser, campaign, bu_lilis):
    office = browser(bu_lilis)
    since(minutes=20)
    office.get(f"/papan/{campaign.id}", htmx="board")
    since(minutes=11)
    office.get("/dppkb/", status=303)


# ---- Where one is led after signing in ----

ELSEWHERE = [
    "//jahat.example",
    "///jahat.example",
    "/\\jahat.example",
    "\\\\jahat.example",
    "https://jahat.example",
    "https:jahat.example",
    "/\t/jahat.example",
    "/\n/jahat.example",
    " //jahat.example",
    "javascript:alert(1)",
    "jahat.example",
    "",
]


def test_signing_in_leads_to_no_other_site(browser, cast):
    for lanjut in ELSEWHERE:
        assert browser().sign_in("ratna", lanjut=lanjut).location == "/"
        asked_for_pin = browser().sign_in("sari", lanjut=lanjut)
        assert asked_for_pin.location == "/akun/pin?lanjut=/"
        elsewhere = browser(cast.ibu_sari)
        elsewhere.get(f"/akun/pin?lanjut={quote(lanjut)}")
        assert 'href="/">Nanti saja' in elsewhere.last.text


def test_signing_in_leads_back_inside(app):
    for ours in ("/papan/", "/kader/1?nama=a&hal=2", "/a//b", "/kader/?dari=https://x.example"):
        assert inside(ours, "/") == ours


def test_a_path_with_line_ends_writes_no_header(browser, cast):
    answer = browser().sign_in("ratna", lanjut="/papan/\r\nSet-Cookie: jahat=1")
    assert "jahat=1" not in "".join(answer.headers.getlist("Set-Cookie"))
    assert "\n" not in answer.location


# ---- Wrong passwords: what is seen of it; how much an attack achieves stands in tests/actions/test_tries.py ----

TRIES = tries.LIMITS[0][1]


def test_who_guesses_shuts_himself_out_and_not_the_owner(app, cast):
    phone, thief = Screen(app, cast.ibu_sari, address="10.0.0.7"), Screen(app, address="10.0.0.66")
    phone.post("/keluar")
    for _ in range(TRIES):
        thief.sign_in("sari", "salah terus", status=422)
    answer = thief.sign_in("sari", PASSWORD, status=429)
    assert "Terlalu banyak percobaan masuk. Tunggu 15 menit, lalu coba lagi." in thief.words
    assert "Retry-After" in answer.headers
    Screen(app, address="10.0.0.67").sign_in("sari", status=429)
    phone.sign_in("sari")
    thief.sign_in("wati")


def test_after_a_quarter_of_an_hour_one_may_try_again(app, cast):
    screen = Screen(app)
    for _ in range(TRIES):
        screen.sign_in("sari", "salah terus", status=422)
    screen.sign_in("sari", status=429)
    age_tries(minutes=16)
    screen.sign_in("sari")


def age_tries(**span):
    with builders.writing() as session:
        for row in session.scalars(db.select(SignInTry)):
            row.at -= timedelta(**span)


def test_nine_slips_of_the_thumb_shut_nobody_out(app, cast):
    phone = Screen(app)
    for _ in range(2):
        for _ in range(TRIES - 1):
            phone.sign_in("sari", "salah ketik", status=422)
        phone.sign_in("sari")


def test_who_tries_on_and_on_is_told_to_wait_longer_and_a_new_card_helps(app, cast, browser, bu_lilis):
    screen, told = Screen(app), []
    for _round in range(4):
        for _ in range(TRIES):
            if screen.ask("POST", "/masuk", data=form_of(screen)).status_code == 429:
                break
        screen.sign_in("sari", status=429)
        told.append(screen.words)
        age_tries(minutes=16)
    assert "Tunggu 15 menit" in told[0] and "coba lagi besok" in told[-1]
    browser(bu_lilis).post(f"/dppkb/orang/{cast.ibu_sari.id}/kartu", status=200)
    screen.sign_in("sari", status=422)


def form_of(screen):
    return {"name": "sari", "password": "salah terus", "csrf_token": screen.token()}


def test_unknown_names_are_counted_like_known_ones_and_none_is_kept(app, cast):
    thief = Screen(app, address="10.0.0.66")
    for _ in range(TRIES):
        thief.sign_in("rahasia-ku-sendiri", "x", status=422)
    thief.sign_in("rahasia-ku-sendiri", "x", status=429)
    kept = db.session.execute(db.text("SELECT * FROM sign_in_try")).all()
    assert "rahasia" not in repr(kept)


def test_who_guesses_the_old_password_of_an_open_screen_is_stopped_too(app, browser, ibu_sari):
    phone = browser(ibu_sari)
    form = {"old": "salah terus", "new": NEW, "again": NEW}
    for _ in range(TRIES):
        phone.post("/kata-sandi", status=422, **form)
    phone.post("/kata-sandi", status=429, **form | {"old": PASSWORD})


# ---- Other sites ----


def posts(app):
    return [row for row in access_rows(app) if "POST" in row["methods"]]


def some_path(rule: str) -> str:
    return re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", rule)


def test_no_post_is_taken_without_the_token_of_ones_own_page(app, browser, ibu_sari, bu_lilis):
    phone, office = browser(ibu_sari), browser(bu_lilis)
    foreign = office.token()
    for row in posts(app):
        for token in (None, "", "x" * 90, foreign):
            form = {"key": key()} | ({} if token is None else {"csrf_token": token})
            answer = phone.ask("POST", some_path(row["rule"]), data=form)
            assert answer.status_code == 400, f"{row['rule']} with {token!r}: {answer.status_code}"
            assert "Halaman ini sudah terlalu lama terbuka. Muat ulang halaman, lalu isi lagi." in answer.text


def test_htmx_and_the_outbox_are_told_too_and_may_send_the_token_as_a_header(app, browser, ibu_sari, campaign):
    phone = browser(ibu_sari)
    answer = phone.ask("POST", f"/kader/{campaign.id}/daftar", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (400, "#notice") and "<html" not in answer.text
    answer = phone.ask("POST", f"/kader/{campaign.id}/daftar", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (400, "stale_form")
    answer = phone.ask("POST", f"/kader/{campaign.id}/daftar", headers={"X-CSRFToken": phone.token()})
    assert answer.status_code == 422


def test_another_site_posts_nothing_even_with_a_token(app, browser, ibu_sari):
    phone = browser(ibu_sari)
    token = phone.token()
    for row in posts(app):
        for site, is_refused in (("cross-site", True), ("same-origin", False), ("none", False)):
            form = {"key": key(), "csrf_token": token}
            if row["rule"] in ("/keluar", "/masuk") and not is_refused:
                continue
            there = {"Sec-Fetch-Site": site}
            answer = phone.ask("POST", some_path(row["rule"]), data=form, headers=there)
            said_no = answer.status_code == 403
            ours = "kader" in row["roles"] or row["is_public"]
            assert said_no == (is_refused or not ours), f"{row['rule']} from {site}: {answer.status_code}"


def test_a_link_from_another_site_still_opens(browser, ibu_sari, campaign):
    browser(ibu_sari).get(lists(campaign), **{"Sec-Fetch-Site": "cross-site"})


def test_nobody_signs_out_by_a_link(browser, ibu_sari, campaign):
    phone = browser(ibu_sari)
    phone.get("/keluar", status=405)
    phone.get(lists(campaign))


# ---- Headers ----


def test_every_answer_carries_its_headers_and_no_page_is_kept(app, browser, cast, day):
    live.serving(app, SimpleNamespace(alive=False))
    own = {"campaign_id": cast.campaign.id, "day_id": day.id, "part": "desa", "kecamatan_code": "32.14.12"}
    for person in (cast.bu_lilis, cast.ibu_sari, None):
        screen = browser(person)
        paths = {
            re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(own.get(m[1], cast.ibu_wati.id)), r["rule"])
            for r in access_rows(app)
            if "GET" in r["methods"] and r["endpoint"] != "static"
        }
        for path in sorted(paths | {"/tidak-ada"}):
            answer = screen.ask("GET", path)
            heads = answer.headers
            assert heads["Content-Security-Policy"] == CSP, path
            assert (heads["X-Content-Type-Options"], heads["X-Frame-Options"]) == ("nosniff", "DENY"), path
            told_of = (
                "no-referrer" if path.startswith(("/dinding/", "/sertifikat")) else "same-origin"
            )  # their address opens them
            assert heads["Referrer-Policy"] == told_of, path
            assert heads["Cache-Control"] == "no-store", f"{path}: {heads.get('Cache-Control')}"
            assert "HX-Request" in heads["Vary"], path


def test_the_policy_lets_no_script_in_but_ours():
    assert "unsafe" not in CSP and "default-src 'none'" in CSP
    assert "script-src 'self'" in CSP and "frame-ancestors 'none'" in CSP and "form-action 'self'" in CSP


def test_what_never_changes_may_be_kept(browser, cast):
    answer = browser().ask("GET", "/static/campaign.css?v=1")
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == CSP


def test_no_page_tells_what_it_runs_on(browser, cast):
    answer = browser().ask("GET", "/masuk")
    assert "X-Powered-By" not in answer.headers and "Werkzeug" not in answer.text


def test_a_changed_role_takes_effect_at_once(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    phone.get(lists(campaign))
    with builders.writing():
        row = db.session.get_one(Person, ibu_sari.id)
        row.role, row.desa_code = "bupati", None
    phone.get(lists(campaign), status=403)
    phone.get(f"/papan/{campaign.id}")
