"""Which desa is meant: nothing is guessed between two that could be."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.sheets.places import Places

DESA = [
    ("32.14.01.1001", "Nagri Kidul", "32.14.01", "Purwakarta"),
    ("32.14.01.1002", "Nagri Kaler", "32.14.01", "Purwakarta"),
    ("32.14.01.1009", "Munjuljaya", "32.14.01", "Purwakarta"),
    ("32.14.01.2010", "Citalang", "32.14.01", "Purwakarta"),
    ("32.14.04.2001", "Plered", "32.14.04", "Plered"),
    ("32.14.04.2003", "Cibogohilir", "32.14.04", "Plered"),
    ("32.14.04.2004", "Linggarsari", "32.14.04", "Plered"),
    ("32.14.04.2006", "Citeko", "32.14.04", "Plered"),
    ("32.14.04.2013", "Citekokaler", "32.14.04", "Plered"),
    ("32.14.04.2016", "Cibogo Girang", "32.14.04", "Plered"),
    ("32.14.06.2006", "Linggasari", "32.14.06", "Darangdan"),
    ("32.14.06.2007", "Sawit", "32.14.06", "Darangdan"),
    ("32.14.08.2001", "Citalang", "32.14.08", "Tegalwaru"),
    ("32.14.08.2002", "Kuta Batu I", "32.14.08", "Tegalwaru"),
    ("32.14.08.2003", "Kuta Batu II", "32.14.08", "Tegalwaru"),
    ("32.14.08.2004", "Tanjungsari", "32.14.08", "Tegalwaru"),
    ("32.14.08.2005", "Kampung Baru", "32.14.08", "Tegalwaru"),
]


@pytest.fixture(scope="module")
def places():
    return Places(DESA, kabupaten_name="Kab. Purwakarta", elsewhere=lambda: ["Cikampek", "Cikampek Timur", "Karawang"])


def found(places, *given, **more):
    desa = places.find(*given, **more)
    return desa.code, [reason.code for reason in desa.reasons]


@pytest.mark.parametrize(
    ("desa", "kecamatan", "code"),
    [
        ("NAGRI KIDUL", "Purwakarta", "32.14.01.1001"),
        ("Kel. Nagri Kidul ", "KEC. PURWAKARTA", "32.14.01.1001"),
        ("kelurahan nagri kaler", None, "32.14.01.1002"),
        ("Nageri Kaler", "Purwakarta", "32.14.01.1002"),
        ("Munjul Jaya", "Purwakarta", "32.14.01.1009"),
        ("Munjuljaa", "Purwakarta", "32.14.01.1009"),
        ("Ds.Citalang", "TEGAL WARU", "32.14.08.2001"),
        ("Citalang, Kec. Tegalwaru", None, "32.14.08.2001"),
        ("Citalang (Tegalwaru)", None, "32.14.08.2001"),
        ("Desa Citalang RT 02/05", "Purwakarta", "32.14.01.2010"),
        ("Citeko", "Plered", "32.14.04.2006"),
        ("Plerd", "Plered", "32.14.04.2001"),
        ("kuta batu 2", "Tegalwaru", "32.14.08.2003"),
        ("KUTA BATU-I", "Tegalwaru", "32.14.08.2002"),
        ("Tj. Sari", "Tegalwaru", "32.14.08.2004"),
        ("Kp. Baru", "Tegalwaru", "32.14.08.2005"),
        ("Citalang", "Tegalwru", "32.14.08.2001"),
        ("32.14.08.2001", "Purwakarta", "32.14.08.2001"),
        ("3214082001", None, "32.14.08.2001"),
        (3214082001, None, "32.14.08.2001"),
    ],
)
def test_a_desa_is_found_however_it_is_written(places, desa, kecamatan, code):
    assert found(places, desa, kecamatan) == (code, [])


@pytest.mark.parametrize(
    ("desa", "kecamatan", "reason"),
    [
        (None, "Plered", "desa_kosong"),
        ("Citalang", None, "desa_rancu"),
        ("Cibogo", "Plered", "desa_rancu"),
        ("Sawit", "Plered", "desa_bukan_di_kecamatan"),
        ("Swait", "Plered", "desa_bukan_di_kecamatan"),
        ("Cikampek Timur", "Cikampek, Karawang", "desa_luar_kabupaten"),
        ("Cikampek Timur", "Plered", "desa_luar_kabupaten"),
        ("32.15.08.2001", None, "desa_luar_kabupaten"),
        ("32.14.99.2001", None, "desa_tak_dikenal"),
        ("Antah Berantah", "Plered", "desa_tak_dikenal"),
        ("Kuta Batu", "Tegalwaru", "desa_rancu"),
        ("Kuta Batu 3", "Tegalwaru", "desa_tak_dikenal"),
    ],
)
def test_a_desa_that_is_not_clear_is_refused(places, desa, kecamatan, reason):
    assert found(places, desa, kecamatan) == (None, [reason])


@pytest.mark.parametrize(
    ("desa", "kecamatan", "code", "reason"),
    [
        ("Linggarsari", "Darangdan", "32.14.06.2006", "desa_tertukar"),
        ("Munjul", "Purwakarta", "32.14.01.1009", "desa_dibaca"),
        ("Nagri Kaidl", "Purwakarta", "32.14.01.1001", "desa_mirip"),
        ("Sawit", "Kecamatan Entah", "32.14.06.2007", "kecamatan_tak_dikenal"),
    ],
)
def test_a_desa_that_is_nearly_clear_is_told(places, desa, kecamatan, code, reason):
    assert found(places, desa, kecamatan) == (code, [reason])


def test_a_heading_tells_the_kecamatan_unless_the_row_does(places):
    assert found(places, "Citalang", None, heading="KECAMATAN TEGALWARU") == ("32.14.08.2001", [])
    assert found(places, "Citalang", "Kec. Purwakarta", heading="KECAMATAN TEGALWARU") == ("32.14.01.2010", [])


@given(st.text(max_size=300), st.text(max_size=60))
@settings(max_examples=150, deadline=timedelta(seconds=1))
def test_no_text_breaks_the_search(desa, kecamatan):
    places = Places(DESA, kabupaten_name="Kab. Purwakarta")
    found = places.find(desa, kecamatan)
    assert found == places.find(desa, kecamatan)
    assert found.code is None or found.code in places.name
    assert found.code or found.reasons
