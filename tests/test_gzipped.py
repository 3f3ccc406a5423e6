"""What travels compressed, and what must not."""

import gzip
from types import SimpleNamespace

from campaign import live
from tests import builders
from tests.builders import registered

GZIP = {"Accept-Encoding": "gzip, deflate"}


def asked(screen, path, **headers):
    return screen.ask("GET", path, headers=headers)


def test_a_page_and_a_style_sheet_travel_at_a_third_of_their_size(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    for path in (f"/kader/{campaign.id}/daftar", "/static/campaign.css?v=1"):
        plain, packed = asked(phone, path), asked(phone, path, **GZIP)
        assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) < len(plain.data) / 3
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert len(gzip.decompress(packed.data)) == len(plain.data)
        assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_who_takes_no_gzip_gets_none(browser):
    answer = asked(browser(), "/masuk", **{"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in answer.headers and "<html" in answer.text


def test_a_page_that_repeats_its_address_is_not_compressed(browser, campaign, ibu_sari):
    """Its length would tell of the token beside it (BREACH)."""
    registered(ibu_sari)
    phone = browser(ibu_sari)
    assert "Content-Encoding" not in asked(phone, f"/kader/{campaign.id}?nama=Neng", **GZIP).headers
    assert asked(phone, f"/kader/{campaign.id}", **GZIP).headers["Content-Encoding"] == "gzip"


def test_pictures_and_small_answers_stay_as_they_are(browser):
    for path in (
        "/healthz",
        "/static/vendor/fontsource-atkinson-hyperlegible-5.3.0/atkinson-hyperlegible-latin-400-normal.woff2",
    ):
        answer = asked(browser(), path, **GZIP)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


def test_a_form_sent_back_is_compressed_too(browser, campaign, ibu_sari):
    phone = browser(ibu_sari)
    form = {"csrf_token": phone.token(), "key": builders.key()}
    answer = phone.ask("POST", f"/kader/{campaign.id}/daftar", data=form, headers=GZIP)
    assert answer.status_code == 422 and "Ada yang perlu diperiksa" in gzip.decompress(answer.data).decode()


def test_a_stream_is_left_alone(app, browser, campaign, pak_dedi):
    live.serving(app, SimpleNamespace(alive=False))  # it ends with its first line
    answer = asked(browser(pak_dedi), f"/papan/{campaign.id}/alir", **GZIP)
    assert answer.mimetype == "text/event-stream" and "Content-Encoding" not in answer.headers
