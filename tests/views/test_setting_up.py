"""DPPKB's room, setting up: a draft step by step, its stages, the target shared out, practised and kept in versions."""

from datetime import timedelta
from fractions import Fraction

import pytest

from campaign import actions, queries
from campaign.actions import targets
from campaign.actions.transaction import now, writing
from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Split, Stage, StageChange, Step, Tally
from campaign.rules.refusals import Locked
from tests import builders
from tests.builders import key, registered

DESA = ("32.14.01.1001", "32.14.12.2001", "32.14.12.2002")


def numbers_of(campaign) -> list[int]:
    targets = queries.targets(campaign)
    return [targets[code].number if code in targets else 0 for code in DESA]


def columns(bu_lilis, **figures):
    """Weight columns: name → one figure for each of the three desa."""
    with writing():
        for name, values in figures.items():
            exact = {code: Fraction(value) for code, value in zip(DESA, values, strict=True)}
            targets.write_weights("32.14", name, exact, by_id=bu_lilis.id, at=now())
    return {column.name: str(column.id) for column in queries.weight_columns("32.14")}


def split(**also):
    about = {"headline": "20", "again": "20", "weights": "sama", "way": "largest_remainder", "order": "langsung"}
    return about | {"least": "0", "why": ""} | also


def proposed(office, campaign, **also) -> Split:
    office.get(office.post(f"/dppkb/kampanye/{campaign.id}/target/bagi", **split(**also)).location)
    return db.session.scalars(db.select(Split).where(Split.accepted_at.is_(None))).one()


# ---- Step by step ----


def test_a_campaign_is_set_up_in_steps_left_and_taken_up_again(browser, bu_lilis, ibu_sari, today):
    office = browser(bu_lilis)
    office.get(office.post("/dppkb/kampanye/baru", name="Pekan MKJP", occasion="").location)
    assert "Langkah 2 dari 5" in office.words
    campaign = db.session.scalars(db.select(Campaign).where(Campaign.name == "Pekan MKJP")).one()
    at = f"/dppkb/kampanye/{campaign.id}"
    browser(ibu_sari).get(f"/kader/{campaign.id}", status=404)

    office = browser(bu_lilis)  # another day, another browser
    office.get(at)
    assert office.words.count("belum dilihat") == 4 and "Dapat dibuka setelah" in office.words
    office.post(f"{at}/buka", status=409)
    assert "Belum lengkap: waktu, yang dihitung, target, tempat pelayanan." in office.words

    days = {"opens_on": str(today), "closes_on": str(today + timedelta(days=43)), "zone": "Asia/Jakarta"}
    days |= {"grace_days": "2", "correction_days": "2"}
    assert office.post(f"{at}/langkah/waktu", **days).location.endswith("/langkah/hitungan")
    counted = {"counted_methods": ["implan_1", "implan_2", "iud"], "counted_participants": ["baru", "kbpp"]}
    assert office.post(f"{at}/langkah/hitungan", **counted).location.endswith("/langkah/target")
    assert office.post(f"{at}/langkah/target", headline="1.831", again="1831").location.endswith("/langkah/tempat")
    assert office.post(f"{at}/langkah/tempat").location.endswith("/target/bagi")
    office.post(f"{at}/buka", status=409)
    assert "Jumlah target desa (0) belum sama dengan target kampanye (1.831). Bagi target dulu." in office.words

    version = proposed(office, campaign, headline="1831", again="1831")
    assert "seribu delapan ratus tiga puluh satu" in office.words and "Ini pembagian pertama." in office.words
    office.post(f"{at}/target/{version.id}/terima")
    assert numbers_of(campaign) == [611, 610, 610]
    office.get(office.post(f"{at}/buka").location)
    assert "Kampanye dibuka" in office.words and campaign.stage == Stage.OPEN
    browser(ibu_sari).get(f"/kader/{campaign.id}")


@pytest.fixture
def draft(bu_lilis):
    return actions.create_campaign(name="Rancangan", by=bu_lilis, key=key())


WRONG_SPAN = {
    "ends before it begins": ({"closes_on": "2020-01-01"}, "closes_on", "Hari terakhir harus sesudah hari pertama."),
    "no such day": ({"opens_on": ["30", "2", "2026"]}, "opens_on", "Tanggal ini tidak ada."),
    "another century": ({"opens_on": "1926-01-01"}, "opens_on", "Periksa tahunnya."),
    "endless": ({"closes_on": "2099-01-01"}, "closes_on", "Kampanye paling lama satu tahun."),
    "endless grace": ({"grace_days": "61"}, "grace_days", "0 sampai 60."),
    "no zone of ours": ({"zone": "Europe/Rome"}, "zone", "Pilihan ini tidak ada."),
}
WRONG_PROMISE = {
    "in words": ({"headline": "seribu"}, "headline", "Isi dengan angka bulat."),
    "typed once": ({"again": ""}, "again", "Isi target sekali lagi."),
    "1831 and 1381": ({"again": "1.381"}, "again", "Dua isian ini berbeda: 1.831 dan 1.381. Mana yang benar?"),
    "parts too small": (
        {"part-implan": "1.500", "part-iud": "311"},
        "part-implan",
        "Jumlah bagian 1.500 + 311 = 1.811, berbeda 20 dari target 1.831.",
    ),
}


def test_a_wrong_step_comes_back_with_words_and_nothing_is_kept(browser, bu_lilis, draft, today):
    office, at = browser(bu_lilis), f"/dppkb/kampanye/{draft.id}/langkah"
    right = {"opens_on": str(today), "closes_on": str(today), "zone": "Asia/Jakarta"}
    right |= {"grace_days": "2", "correction_days": "2"}
    assert office.otherwise(f"{at}/waktu", right, WRONG_SPAN) == {}
    assert office.otherwise(f"{at}/target", {"headline": "1831", "again": "1831"}, WRONG_PROMISE) == {}
    nothing = {"none": ({"counted_methods": []}, "counted_methods", "Pilih paling sedikit satu metode.")}
    assert office.otherwise(f"{at}/hitungan", {"counted_participants": ["baru"]}, nothing) == {}
    no_name = {"none": ({"name": ""}, "name", "Isi nama"), "long": ({"name": "x" * 121}, "name", "Paling banyak 120")}
    assert office.otherwise("/dppkb/kampanye/baru", {"name": "x"}, no_name) == {}
    office.get(f"{at}/entah", status=404)
    assert draft.settled == ["nama"] and draft.headline == 0


def test_the_parts_of_a_promise_are_kept_and_go_when_their_method_no_longer_counts(browser, bu_lilis, draft):
    office, at = browser(bu_lilis), f"/dppkb/kampanye/{draft.id}"
    parts = {"part-implan": "1500", "part-iud": "331"}
    office.post(f"{at}/langkah/target", headline="1831", again="1831", **parts)
    office.get(at)
    assert "implan (susuk) 1.500, IUD (spiral) 331" in office.words
    office.post(f"{at}/langkah/hitungan", counted_methods=["implan_1"], counted_participants=["baru"])
    assert draft.headline_parts == {}


def test_a_running_campaign_is_changed_and_its_boards_move(browser, bu_lilis, campaign):
    office, revision = browser(bu_lilis), campaign.revision
    at = f"/dppkb/kampanye/{campaign.id}"
    assert office.post(f"{at}/langkah/nama", name="1831 MKJP Purwakarta").location.endswith(at)
    assert campaign.name == "1831 MKJP Purwakarta" and campaign.revision > revision
    # What was promised is changed by a new split, knowingly.
    assert office.get(f"{at}/langkah/target", status=303).location.endswith("/target/bagi")


# ---- Stages ----


def test_a_campaign_is_closed_and_opened_again_and_it_is_written_down(browser, bu_lilis, campaign):
    with writing():
        db.session.get_one(Campaign, campaign.id).settled = ["nama", "waktu", "hitungan", "target", "tempat"]
    office, at = browser(bu_lilis), f"/dppkb/kampanye/{campaign.id}"
    office.get(office.post(f"{at}/tutup").location)
    assert "Kampanye ditutup." in office.words and campaign.stage == Stage.CLOSED
    office.post(f"{at}/tutup", status=409)
    office.get(office.post(f"{at}/buka").location)
    assert campaign.stage == Stage.OPEN and campaign.closed_at is None
    assert "ditutup oleh Bu Lilis" in office.words and "dibuka oleh Bu Lilis" in office.words


def test_after_the_grace_the_results_stand_until_somebody_unlocks_them(
    browser, bu_lilis, bidan_ratna, ibu_sari, campaign, day, later
):
    neng = registered(ibu_sari, nik=builders.nik(1))
    actions.book(neng, day=day, by=ibu_sari, key=key())
    actions.attend(neng, by=bidan_ratna, key=key())
    actions.close_campaign(campaign, by=bu_lilis, key=key())
    too_late = later(days=4)
    said = {"method": "iud", "participant": "baru", "has_informed_consent": True}
    with pytest.raises(Locked):
        actions.serve(neng, by=bidan_ratna, key=key(), at=too_late, **said)
    actions.unlock_campaign(campaign, days=1, why="lupa dicatat", by=bu_lilis, key=key(), at=too_late)
    actions.serve(neng, by=bidan_ratna, key=key(), at=later(days=4, hours=23), **said)
    with pytest.raises(Locked):
        actions.correct(
            neng, step_id=queries.history(neng)[-1].id, reason="lain", by=bu_lilis, key=key(), at=later(days=5, hours=1)
        )
    note = db.session.scalars(db.select(StageChange).where(StageChange.what == "unlocked")).one()
    assert (note.by_id, note.why) == (bu_lilis.id, "lupa dicatat")
    with writing():
        db.session.get_one(Campaign, campaign.id).closed_at = now() - timedelta(days=9)
        db.session.get_one(Campaign, campaign.id).unlocked_until = None
    office = browser(bu_lilis)
    office.get(f"/dppkb/kampanye/{campaign.id}")
    assert "Sudah ditutup dan terkunci" in office.words and "lupa dicatat" in office.words
    no_reason = {"none": ({"why": ""}, "why", "Tulis alasannya"), "long": ({"days": "31"}, "days", "1 sampai 30.")}
    path = f"/dppkb/kampanye/{campaign.id}/buka-kunci"
    assert office.otherwise(path, {"days": "1", "why": "terlupa"}, no_reason) == {}
    office.get(office.post(path, days="1", why="terlupa").location)
    assert "Kunci terbuka sampai" in office.words


# ---- The split ----


def test_a_split_is_shown_with_its_reasons_and_counts_only_once_accepted(browser, bu_lilis, campaign):
    office, before = browser(bu_lilis), numbers_of(campaign)
    ids = columns(bu_lilis, PUS=(0, 3000, 1000))
    version = proposed(office, campaign, weights=ids["PUS"], why="menurut PUS")
    assert numbers_of(campaign) == before
    assert "1 desa tidak punya bobot dan mendapat 0: Nagri" in office.words
    assert "Usulan pembagian target" in office.words and "sama persis" in office.words
    office.get(office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/terima").location)
    assert numbers_of(campaign) == [0, 15, 5]
    office.get(f"/dppkb/kampanye/{campaign.id}/target")
    assert "menurut PUS" in office.words and "Bu Lilis" in office.words
    office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/terima", status=409)
    office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/buang", status=409)


def test_the_table_is_sorted_by_any_column(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    ids = columns(bu_lilis, PUS=(700, 3000, 1000))
    at = f"/dppkb/kampanye/{campaign.id}/target/{proposed(office, campaign, weights=ids['PUS']).id}"
    found = {}
    for order in ("desa", "nama", "bobot", "kuota", "sisa", "target", "beda", "entah"):
        for way in ("", "&arah=turun"):
            office.get(f"{at}?urut={order}{way}")
            rows = [id for id in office.page.ids if id.startswith("area-")]
            found[order, way] = [rows.index(f"area-{code.replace('.', '')}") for code in DESA]
    assert found["bobot", ""] == [0, 2, 1] and found["bobot", "&arah=turun"] == [2, 0, 1]
    assert found["desa", ""] == found["entah", ""] == [0, 1, 2]


def test_locks_and_a_minimum_hold_and_the_rest_is_spread_exactly(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    ids = columns(bu_lilis, PUS=(0, 3000, 1000))
    lock = {f"lock-{DESA[1]}": "4"}
    version = proposed(office, campaign, weights=ids["PUS"], least="2", **lock)
    targets = {t.desa.code: t.target for t in queries.target_rows(version, campaign)}
    assert [targets[code].number for code in DESA] == [2, 4, 14]
    assert targets[DESA[1]].is_locked and targets[DESA[0]].is_least
    assert "dikunci" in office.words and "minimum" in office.words
    office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/terima")
    office.get(f"/dppkb/kampanye/{campaign.id}/target/bagi")
    assert f'name="lock-{DESA[1]}" value="4"' in office.last.text  # a lock stays until somebody takes it off


def test_a_mix_weighs_its_columns_by_percent_each_normalised(browser, bu_lilis, campaign):
    ids = columns(bu_lilis, PUS=(100, 100, 200), unmet=(1, 0, 0))
    mix = {f"mix-{ids['PUS']}": "60", f"mix-{ids['unmet']}": "40"}
    version = proposed(browser(bu_lilis), campaign, weights="campuran", **mix)
    assert [row.target.number for row in queries.target_rows(version, campaign)] == [11, 3, 6]


def test_every_sum_of_methods_and_weeks_is_exact(browser, bu_lilis, campaign):
    office = browser(bu_lilis)
    columns(bu_lilis, PUS=(7, 3, 1))
    parts = {"part-implan": "13", "part-iud": "7"}
    version = proposed(office, campaign, by_method="y", by_week="y", **parts)
    rows = queries.target_rows(version, campaign)
    for row in rows:
        assert sum(sum(numbers) for numbers in row.target.cells.values()) == row.target.number
    for method, promise in (("implan", 13), ("iud", 7)):
        assert sum(sum(row.target.cells[method]) for row in rows) == promise
    for place, week in enumerate(version.weeks):
        assert sum(row.target.cells[method][place] for row in rows for method in ("implan", "iud")) == week["number"]
    assert sum(week["number"] for week in version.weeks) == 20
    office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/terima")
    assert campaign.headline_parts == {"implan": 13, "iud": 7}


def test_a_headline_raised_in_midway_shows_every_change_before_it_is_accepted(browser, bu_lilis, campaign):
    office, before = browser(bu_lilis), numbers_of(campaign)
    version = proposed(office, campaign, headline="31", again="31")
    assert campaign.headline == sum(before) == 20
    changes = {row.desa.code: row.change for row in queries.target_rows(version, campaign)}
    assert sum(changes.values()) == 11 and "desa berubah" in office.words
    revision = campaign.revision
    office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/terima")
    assert campaign.headline == 31 == sum(numbers_of(campaign)) and campaign.revision > revision
    assert len(queries.split_list(campaign)) == 2


def test_of_proposals_only_the_newest_is_kept_and_it_can_be_dropped(browser, bu_lilis, campaign):
    office, before = browser(bu_lilis), numbers_of(campaign)
    proposed(office, campaign, headline="31", again="31")
    version = proposed(office, campaign, headline="33", again="33")
    office.get(office.post(f"/dppkb/kampanye/{campaign.id}/target/{version.id}/buang").location)
    assert "Usulan dibuang. Target tidak berubah." in office.words
    assert numbers_of(campaign) == before and len(queries.split_list(campaign)) == 1


def test_what_cannot_be_split_gets_a_clear_answer(browser, bu_lilis, campaign):
    ids = columns(bu_lilis, kosong=(0, 0, 0), PUS=(1, 1, 1))
    wrong = {
        "no weight at all": ({"weights": ids["kosong"]}, "weights", "Semua bobot desa yang tidak dikunci nol"),
        "minimums": (
            {"least": "7"},
            "weights",
            "Paling sedikit 7 untuk 3 desa membutuhkan 21, sedangkan targetnya 20.",
        ),
        "locks": ({f"lock-{DESA[0]}": "21"}, "weights", "Angka yang dikunci berjumlah 21, lebih besar dari target 20."),
        "all locked": ({f"lock-{code}": "6" for code in DESA}, "weights", "Semua desa dikunci dan masih tersisa 2."),
        "a lock elsewhere": ({"lock-99.99.99.2001": "1"}, "weights", "Angka untuk 99.99.99.2001 tidak dapat dipakai."),
        "a lock in words": ({f"lock-{DESA[0]}": "dua"}, "locked", "Angka kunci harus angka bulat, bukan “dua”."),
        "not a hundred": ({"weights": "campuran", f"mix-{ids['PUS']}": "60"}, "weights", "Persen campuran harus"),
        "an empty column": ({"weights": "campuran", f"mix-{ids['kosong']}": "100"}, "weights", "Semua bobot desa"),
        "percent in words": ({f"mix-{ids['PUS']}": "banyak"}, f"mix-{ids['PUS']}", "Isi persen antara 0 dan 100"),
        "methods unsaid": ({"by_method": "y"}, "by_method", "Isi target tiap metode dulu."),
        "no such weights": ({"weights": "entah"}, "weights", "Pilihan ini tidak ada."),
    }
    office = browser(bu_lilis)
    assert office.otherwise(f"/dppkb/kampanye/{campaign.id}/target/bagi", split(), wrong) == {}
    version = proposed(office, campaign, headline="0", again="0")
    assert [row.target.number for row in queries.target_rows(version, campaign)] == [0, 0, 0]


def test_a_proposal_made_before_the_draft_changed_is_not_taken(browser, bu_lilis, draft):
    office = browser(bu_lilis)
    office.post(f"/dppkb/kampanye/{draft.id}/langkah/target", headline="20", again="20")
    version = proposed(office, draft)
    office.post(f"/dppkb/kampanye/{draft.id}/langkah/target", headline="21", again="21")
    office.post(f"/dppkb/kampanye/{draft.id}/target/{version.id}/terima", status=409)
    assert "Pembagian ini dihitung dari target yang sudah berubah. Hitung sekali lagi." in office.words


# ---- Gladi bersih ----


def counts():
    tables = (Campaign, Akseptor, Step, Tally, Split)
    return [db.session.scalar(db.select(db.func.count()).select_from(table)) for table in tables]


def test_a_rehearsal_is_coloured_counts_nowhere_and_goes_in_one_click(
    browser, bu_lilis, ibu_sari, bidan_ratna, pak_dedi, campaign, day, neng_siti
):
    before, office = counts(), browser(bu_lilis)
    office.get(office.post(f"/dppkb/kampanye/{campaign.id}/gladi").location)
    copy = queries.rehearsal_of(campaign)
    assert "GLADI BERSIH." in office.words and copy.stage == Stage.OPEN
    sari = browser(ibu_sari)
    sari.get("/kader/")
    assert "Gladi bersih 1831 MKJP" in sari.words
    sari.get(f"/kader/{copy.id}")
    assert "GLADI BERSIH." in sari.words and 'class="rehearsal"' in sari.last.text
    browser(pak_dedi).get(f"/papan/{copy.id}", status=404)

    hers = db.session.scalars(
        db.select(Akseptor).where(Akseptor.campaign_id == copy.id, Akseptor.is_counselled)
    ).first()
    copied_day = queries.day_list(copy, seen_by=bidan_ratna)[0]
    actions.book(hers, day=copied_day, by=bidan_ratna, key=key())
    actions.attend(hers, by=bidan_ratna, key=key())
    sheet = browser(bidan_ratna)
    sheet.get(f"/puskesmas/hari/{copied_day.id}")
    assert "GLADI BERSIH." in sheet.words
    assert queries.differences() == []

    office.post(f"/dppkb/kampanye/{campaign.id}/gladi/hapus", status=409)  # never the real one
    office.get(office.post(f"/dppkb/kampanye/{copy.id}/gladi/hapus").location)
    assert "Gladi bersih sudah dihapus." in office.words
    assert counts() == before and queries.differences() == []


def test_a_rehearsal_of_a_campaign_without_targets_waits_for_them(browser, bu_lilis, draft):
    browser(bu_lilis).post(f"/dppkb/kampanye/{draft.id}/gladi", status=409)


def test_the_ledger_of_a_real_campaign_cannot_be_made_a_rehearsals(bu_lilis, campaign, neng_siti):
    from sqlalchemy.exc import DBAPIError

    for statement in (
        "UPDATE campaign SET is_rehearsal = true",
        "DELETE FROM step",
        "UPDATE akseptor SET campaign_id = (SELECT id FROM campaign c WHERE c.id <> akseptor.campaign_id LIMIT 1)",
    ):
        with pytest.raises(DBAPIError), writing() as session:
            session.execute(db.text(statement))
