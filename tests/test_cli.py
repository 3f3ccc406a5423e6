"""What the operator types."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from campaign import demo, queries
from campaign.extensions import db
from campaign.models import NO_PASSWORD, Akseptor, Campaign, Desa, Person, ServicePoint, Target
from campaign.rules.journey import Status
from tests import builders

ROOT = Path(__file__).parent.parent


@pytest.fixture
def flask(app):
    """`flask("recount", "--check")` answers exit code and text."""
    runner = app.test_cli_runner()

    def run(*words, **more):
        result = runner.invoke(args=list(words), **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run


def test_migrating_is_a_command_though_it_is_loaded_late(flask, tmp_path):
    """What `make run` and `make serve` begin with, in a process of its own and on an empty folder."""
    assert "upgrade" in flask("db", "--help")[1]
    environment = {"DATA_DIR": str(tmp_path / "data"), "FLASK_APP": "app.py", "PATH": os.environ["PATH"]}
    for _ in range(2):
        command = [sys.executable, "-m", "flask", "db", "upgrade"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert (tmp_path / "data" / "campaign.db").exists()


def test_recount_check_is_quiet_when_all_agrees_and_exits_1_when_not(flask, ibu_sari):
    builders.registered(ibu_sari)
    assert flask("recount", "--check") == (0, "0 selisih\n")
    with builders.writing() as session:
        session.execute(db.text("UPDATE tally SET registered = 5"))
    code, said = flask("recount", "--check")
    assert code == 1
    assert "32.14.12.2001 implan belum registered: tersimpan 5, menurut buku 1" in said
    assert flask("recount")[1].endswith("1 selisih, diperbaiki\n")
    assert flask("recount", "--check")[0] == 0


def test_recount_hears_names_again_when_the_rules_have_changed(flask, ibu_sari, campaign):
    siti = builders.registered(ibu_sari, name="Siti Aminah", birth_date=None)
    with builders.writing() as session:
        session.execute(db.text("UPDATE akseptor SET sound = 'as it was heard before'"))
    assert queries.similar(campaign, "Siti Aminah", None, siti.desa_code) == []
    assert flask("recount") == (0, "1 nama didengar ulang\n0 selisih\n")
    assert [one.akseptor_id for one in queries.similar(campaign, "Sti Amina", None, siti.desa_code)] == [siti.id]
    assert flask("recount") == (0, "0 selisih\n")


def test_backup_and_restore_by_hand(flask, app, ibu_sari, tmp_path):
    builders.registered(ibu_sari)
    code, said = flask("backup", str(tmp_path / "luar"))
    assert code == 0 and "sudah dibaca ulang" in said and "Tulis di kertas" in said
    file = next((tmp_path / "luar").glob("*.cadangan"))
    code, said = flask("restore", str(file), input="salah\n")
    assert code == 1 and "sandi" in said
    code, said = flask("restore", str(file), "--replace", input="salah\n")
    assert code == 1 and db.session.scalar(db.select(db.func.count()).select_from(Akseptor)) == 1, "nothing put aside"
    if app.config["SETTINGS"].is_sqlite:
        db.session.remove()
        db.engine.dispose()
        code, said = flask("restore", str(file), "--replace", "--passphrase-file", str(tmp_path / "sandi-cadangan"))
        assert (code, "Dipulihkan" in said) == (0, True)
        assert db.session.scalar(db.select(db.func.count()).select_from(Akseptor)) == 1


def test_the_demonstration_is_the_real_purwakarta_with_today_in_its_middle(flask, app, tmp_path):
    canary = tmp_path / "kenari.txt"
    code, said = flask("demo", "--scale", "0.05", "--canary", str(canary))
    assert code == 0, said
    campaign = db.session.scalars(db.select(Campaign)).one()
    assert db.session.scalar(db.select(db.func.count()).select_from(Desa)) == 192
    kinds = db.session.scalars(db.select(ServicePoint.kind)).all()
    assert (kinds.count("puskesmas"), kinds.count("saung_ambu")) == (20, 6)
    assert sum(db.session.scalars(db.select(Target.number))) == campaign.headline == 1831
    assert (campaign.closes_on - campaign.opens_on).days + 1 == 44
    assert queries.differences() == []
    served = db.select(db.func.count()).select_from(Akseptor).where(Akseptor.status == Status.SERVED)
    assert db.session.scalar(served) > 0
    office = db.session.scalars(db.select(Person).filter_by(sign_in_name="lilis")).one()
    held = queries.gathering_list(seen_by=office, today=campaign.closes_on)
    lines = {line.gathering.name.removesuffix(" (contoh)"): line for line in held}
    orientation, meeting = lines["Orientasi Kader IMP"], lines["Pertemuan Rutin Kader Babakancikao"]
    assert (
        orientation.counted.listed == 107 and orientation.gathering.minutes and queries.decisions(orientation.gathering)
    )
    assert len(queries.certificates(orientation.gathering)) == orientation.counted.here
    learned = queries.results(orientation.gathering).averages
    assert learned.both and learned.change > 0
    assert meeting.gathering.closed_at is None and meeting.counted.invited and meeting.counted.present
    assert (
        lines["Rapat Evaluasi Bulanan"].gathering.series_id and lines["Pembinaan Kader Wanayasa"].gathering.is_cancelled
    )
    sari = db.session.scalars(db.select(Person).filter_by(sign_in_name="sari")).one()
    assert queries.has_certificate(queries.my_invitation(orientation.gathering, sari))
    accounts = app.config["SETTINGS"].accounts_file
    assert accounts.stat().st_mode & 0o777 == 0o600
    assert len(accounts.read_text().splitlines()) == 5
    for secret in canary.read_text().split():
        assert (secret[12] == "9" and len(secret) == 16) or secret.startswith("+62820"), "invented people only"
    assert flask("demo")[0] == 1
    assert flask("demo", "--if-empty")[0] == 0


def test_the_demonstration_is_the_same_again_for_the_same_seed(app, tmp_path):
    from random import Random

    one, two = demo.Demo(1, 7, print), demo.Demo(1, 7, print)
    assert isinstance(one.random, Random)
    assert [one.random.random() for _ in range(5)] == [two.random.random() for _ in range(5)]
    assert one._nik("32.14.12.2001", builders.date(1990, 3, 10)) == two._nik(
        "32.14.12.2001", builders.date(1990, 3, 10)
    )


def test_an_account_from_the_console(flask, cast):
    code, said = flask("user", "add", "baru", "--name", "Bu Baru", "--role", "bupati", "--kabupaten", "32.14")
    assert code == 0 and re.fullmatch(r"baru: [a-z-]{19}\n\S+/aktivasi/\S{32}\nBerlaku sekali, 14 hari.\n", said)
    assert db.session.scalars(db.select(Person).filter_by(sign_in_name="baru")).one().password_hash == NO_PASSWORD
    assert flask("user", "add", "baru", "--name", "X", "--role", "bupati", "--kabupaten", "32.14")[0] == 1
    assert "baru" in flask("user", "list")[1]
    assert flask("user", "disable", "baru") == (0, "baru dinonaktifkan.\n")
    assert flask("user", "disable", "lilis")[0] == 1, "the last who can manage people stays"
    assert flask("user", "card", "lilis")[0] == 0, "and is let in again when she is locked out"
    assert flask("user", "card", "baru")[0] == 1 and flask("user", "card", "entah")[0] == 1


def test_any_kabupaten_of_the_country_with_the_zone_of_its_province(flask):
    assert flask("wilayah", "import", "94.04")[0] == 0
    kabupaten = queries.kabupaten("94.04")
    assert (kabupaten.name, kabupaten.zone) == (
        "Kabupaten Nabire",
        "Asia/Jayapura",
    ) or kabupaten.zone == "Asia/Jayapura"
    assert flask("wilayah", "import", "99.99")[0] == 1


def test_areas_from_a_csv_of_the_office(flask, tmp_path):
    file = tmp_path / "wilayah.csv"
    file.write_text("kode;nama\n32.14;Kabupaten Purwakarta\n32.14.98;Kecamatan Baru\n32.14.98.1001;Kelurahan Baru\n")
    assert flask("wilayah", "import", str(file))[0] == 0
    assert db.session.get(Desa, "32.14.98.1001").jenis == "kelurahan"
    file.write_text("kode,nama\n3214,Tanpa titik\n")
    code, said = flask("wilayah", "import", str(file))
    assert code == 1 and "Baris 2" in said


def test_the_key_can_be_checked(flask, cast, app):
    assert flask("key", "check") == (0, "cocok\n")
    assert flask("key", "init")[0] == 1, "a key is never overwritten"


def test_the_access_table_is_complete_json(flask):
    rows = json.loads(flask("access-table", "--json")[1])
    register = next(row for row in rows if row["endpoint"] == "kader.register")
    assert register["roles"] == ["kader", "plkb"]
    assert (register["methods"], register["scope"]) == (["POST"], "campaign")
    assert "kader.register" in flask("access-table")[1] or "/daftar" in flask("access-table")[1]


def test_a_sheet_is_imported_by_hand_with_the_same_verdicts(flask, campaign, bu_lilis, tmp_path):
    sheet = tmp_path / "calon.csv"
    sheet.write_text(f"Nama;NIK;Desa;Alkon\nNeng Siti;{builders.nik(1)};Margacinta;Implan\nIis;123;Margacinta;IUD\n")
    to_it = ("lembar", "impor", "akseptor", str(sheet), "--by", "lilis")
    assert flask(*to_it)[0] == 1  # which campaign?
    to_it += ("--campaign", str(campaign.id))
    code, said = flask(*to_it)
    assert code == 1 and "--consent-on-paper" in said
    code, said = flask(*to_it, "--dry-run")
    assert code == 0 and re.search(r"diimpor +1\nditolak +1", said)
    assert db.session.scalar(db.select(db.func.count()).select_from(Akseptor)) == 0
    code, said = flask(*to_it, "--consent-on-paper")
    assert code == 0 and "Tersimpan." in said
    assert [her.name for her in db.session.scalars(db.select(Akseptor))] == ["Neng Siti"]
    assert flask("lembar", "impor", "bobot", str(sheet), "--by", "sari")[0] == 1  # a kader imports nothing
    sheet.write_text("bukan;tabel\n1;2\n")
    code, said = flask("lembar", "impor", "kader", str(sheet), "--by", "lilis")
    assert code == 1 and "Tidak ada tabel yang dikenali" in said
