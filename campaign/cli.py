"""`flask …` for the operator: parse, call a deed or a query, say what happened."""

import json
import os
import secrets
import signal
import sys
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from campaign import actions, backup, clock, demo, importing, queries
from campaign.actions import cards, staff, start
from campaign.actions.transaction import now, writing
from campaign.errors import sentence
from campaign.extensions import db
from campaign.models import SheetState
from campaign.queries import people
from campaign.rules.refusals import Refused
from campaign.rules.roles import ROOMS, Role, who_may
from campaign.rules.verdicts import SheetKind
from campaign.sealed import KeyState, keys
from campaign.words import label

user = AppGroup("user", help="People: add, list, disable.")
key = AppGroup("key", help="The key file: init, check.")
wilayah = AppGroup("wilayah", help="Areas: import.")
lembar = AppGroup("lembar", help="Sheets of the office: kader, akseptor, hari, bobot.")


def stop(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(1)


@click.command("recount")
@click.option("--check", is_flag=True, help="Only compare; exit 1 on a difference.")
def recount(check):
    """Tally and seats against the ledger; and names heard by the rules of today, after an upgrade that changed them."""
    found = queries.differences() if check else actions.mend()
    if not check and (heard := actions.hear_names()):
        click.echo(f"{heard} nama didengar ulang")
    for difference in found:
        click.echo(f"{difference.where}: tersimpan {difference.kept}, menurut buku {difference.ledger}")
    click.echo(f"{len(found)} selisih" + ("" if check or not found else ", diperbaiki"))
    if check and found:
        sys.exit(1)


@click.command("tick")
@click.option("--forever", is_flag=True, help="Go on until stopped, as the embedded server does.")
def tick(forever):
    """The clockwork once: every job whose time has come."""
    server = os.getppid()
    if forever:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its clock
    while True:
        for name, said in clock.tick().items():
            click.echo(f"{name}: {said}")
        if not forever or os.getppid() != server:  # a server that was killed cannot end its clock
            return
        time.sleep(20)


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False))
def backup_command(folder):
    """A sealed backup into FOLDER."""
    passphrase, is_new = backup.kept_passphrase()
    path = backup.backup(folder, at=now(), passphrase=passphrase)
    click.echo(f"Cadangan: {path} ({path.stat().st_size:,} bita, sudah dibaca ulang)")
    if is_new:
        click.echo(
            f"Kata sandi cadangan: {passphrase}\nTulis di kertas dan simpan terpisah dari cadangan dan berkas kunci."
        )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--passphrase-file", type=click.Path(exists=True), help="Read the passphrase from here instead of asking."
)
@click.option("--replace", is_flag=True, help="Put the present SQLite database aside first.")
def restore_command(file, passphrase_file, replace):
    """Put a backup back into an empty database."""
    passphrase = (
        Path(passphrase_file).read_text() if passphrase_file else click.prompt("Kata sandi cadangan", hide_input=True)
    )
    try:
        if replace:
            backup.rows_in(file, passphrase)  # nothing is put aside for a backup that cannot be read to its end
            _put_aside()
        head = backup.restore(file, passphrase=passphrase)
    except backup.CannotRestore as cannot:
        stop(str(cannot))
    click.echo(f"Dipulihkan dari cadangan {head['at']}.")
    state = actions.settle_key()
    if state != KeyState.RIGHT:
        click.echo(f"Papan dapat dilihat, tetapi belum dapat mencatat: {label(state)}.")


def _put_aside():
    settings = current_app.config["SETTINGS"]
    if not settings.is_sqlite:
        stop("--replace hanya untuk SQLite. Untuk PostgreSQL buat basis data kosong dulu.")
    db.session.remove()
    db.engine.dispose()  # an open connection would go on writing into the file that is put aside
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if part.exists():
            part.rename(part.with_name(f"{part.name}.sebelum-{now():%Y%m%d%H%M%S}"))


@click.command("demo")
@click.option("--scale", default=1.0, help="1 = some 900 women.")
@click.option("--seed", default=1831)
@click.option("--canary", type=click.Path(), help="Write every NIK and phone used into this file.")
@click.option("--if-empty", is_flag=True, help="Do nothing where anybody is here already.")
def demo_command(scale, seed, canary, if_empty):
    """The demonstration campaign: invented people in the real Purwakarta."""
    if queries.is_anybody_here():
        if not if_empty:
            stop("Sudah ada data. Data contoh hanya untuk basis data kosong.")
        return
    if current_app.config["SETTINGS"].is_production:
        stop("Data contoh tidak dimuat di server sungguhan (APP_ENV=production).")
    demo.load(scale=scale, seed=seed, canary=canary, say=click.echo)


@click.command("start-code")
def start_code():
    """For the first start in production: print a one-time code while nobody is here."""
    if not queries.is_anybody_here():
        code = start.make_code(current_app.config["SETTINGS"].data_dir)
        click.echo(f"\nBasis data masih kosong. Buka /mulai dan masukkan kode ini:\n\n    {code}\n")


@click.command("access-table")
@click.option("--json", "as_json", is_flag=True)
def access_table(as_json):
    """Every address: methods, deed, roles, scope."""
    rows = access_rows(current_app)
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(
            f"{'/'.join(row['methods']):9} {row['rule']:60} {row['deed'] or 'terbuka':14} {' '.join(row['roles'])}"
        )


def access_rows(app: Flask) -> list[dict]:
    """What the app's rules, MAY and ROOMS say together."""
    rows = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods))):
        view = app.view_functions[rule.endpoint]
        deed, room = getattr(view, "deed", None), rule.endpoint.partition(".")[0]
        rows.append(
            {
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "methods": sorted(rule.methods - {"HEAD", "OPTIONS"}),
                "deed": deed,
                "is_public": getattr(view, "is_public", rule.endpoint == "static"),
                "roles": sorted(who_may(deed, room)) if deed and room in ROOMS else [],
                "scope": getattr(view, "scope", None),
            }
        )
    return rows


@user.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--kabupaten", required=True, help="Kemendagri code, e.g. 32.14")
@click.option("--desa", help="For a kader.")
@click.option("--admin", is_flag=True)
def user_add(sign_in_name, name, role, kabupaten, desa, admin):
    """Make an account and print what its activation card would say."""
    actions.settle_key()
    about = {"name": name, "role": Role(role), "desa_code": desa, "is_admin": admin}
    try:
        with writing():
            start.load_areas(kabupaten)
            person = staff.enlist(kabupaten, sign_in_name=sign_in_name.lower(), **about)
    except Refused as refusal:
        stop(sentence(refusal))
    _print_card(person)


@user.command("card")
@click.argument("sign_in_name")
def user_card(sign_in_name):
    """A new card for somebody who is locked out; the old passphrase and every sign-in end."""
    person = people.by_sign_in_name(sign_in_name)
    if person is None or person.is_disabled:
        stop("Tidak ada nama masuk itu, atau akunnya nonaktif.")
    _print_card(person)


def _print_card(person):
    key, settings = secrets.token_hex(), current_app.config["SETTINGS"]
    actions.make_cards(people=[person], whom={"person_id": person.id}, by=actions.CLOCK, key=key)
    words, token = cards.secrets_of(key, person.id)
    there = (
        f"https://{settings.trusted_hosts[0]}" if settings.is_production else f"http://{settings.bind}:{settings.port}"
    )
    click.echo(f"{person.sign_in_name}: {words}\n{there}/aktivasi/{token}\nBerlaku sekali, {cards.LASTS.days} hari.")


@user.command("list")
def user_list():
    """Everybody: sign-in name, role, place."""
    for person in people.everybody():
        state = "nonaktif" if person.is_disabled else "aktif"
        click.echo(f"{person.sign_in_name:20} {person.role:10} {person.desa_code or '':14} {state:9} {person.name}")


@user.command("disable")
@click.argument("sign_in_name")
def user_disable(sign_in_name):
    """Sign somebody out everywhere and for good."""
    person = people.by_sign_in_name(sign_in_name)
    if person is None:
        stop("Tidak ada nama masuk itu.")
    try:
        actions.disable_person(person, by=actions.CLOCK, key=secrets.token_hex())
    except Refused as refusal:
        stop(sentence(refusal))
    click.echo(f"{sign_in_name} dinonaktifkan.")


@key.command("init")
def key_init():
    """Make the key file of a new install."""
    if keys.exists:
        stop(f"Berkas kunci sudah ada: {keys.path}")
    if actions.settle_key() != KeyState.RIGHT:
        stop("Basis data ini sudah disegel dengan kunci lain. Kembalikan berkas kunci yang lama.")
    click.echo(
        f"Berkas kunci: {keys.path}\nSalin ke dua amplop tertutup (kepala DPPKB dan Diskominfo); tidak ikut dalam cadangan."
    )


@key.command("check")
def key_check():
    """Whether the key file is this database's; exit 1 if not."""
    state = actions.settle_key()
    click.echo(label(state))
    if state != KeyState.RIGHT:
        sys.exit(1)


@wilayah.command("import")
@click.argument("what")
def wilayah_import(what):
    """Load a kabupaten: its code (from the national list that ships with the product) or a sheet with the columns kode and nama."""
    try:
        with writing():
            if Path(what).exists():
                start.load_areas_from(Path(what))
            else:
                start.load_areas(what)
    except Refused as refusal:
        stop(sentence(refusal))
    click.echo("Wilayah dimuat.")


@lembar.command("impor")
@click.argument("kind", type=click.Choice([kind.value for kind in SheetKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--by", "sign_in_name", required=True, help="Whose import it is: a DPPKB account.")
@click.option("--campaign", "campaign_id", type=click.UUID, help="For akseptor and hari.")
@click.option("--gathering", "gathering_id", type=click.UUID, help="For peserta.")
@click.option("--consent-on-paper", is_flag=True, help="For akseptor: each woman's consent stands on paper.")
@click.option("--dry-run", is_flag=True, help="Only look; nothing is kept.")
def lembar_import(kind, file, sign_in_name, campaign_id, gathering_id, consent_on_paper, dry_run):
    """Import a sheet: read it, say what becomes of its rows, and write all that can be taken, or nothing."""
    kind, by = SheetKind(kind), people.by_sign_in_name(sign_in_name)
    if by is None or by.role != Role.DPPKB:
        stop("Tidak ada akun DPPKB dengan nama masuk itu.")
    if kind in (SheetKind.AKSEPTOR, SheetKind.DAYS) and campaign_id is None:
        stop("Sebutkan kampanyenya: --campaign ID.")
    if kind == SheetKind.ATTENDANCE and gathering_id is None:
        stop("Sebutkan pertemuannya: --gathering ID.")
    if kind == SheetKind.AKSEPTOR and not (consent_on_paper or dry_run):
        stop("Persetujuan menyimpan data harus ada di kertas: --consent-on-paper.")
    try:
        campaign = queries.campaign(campaign_id, seen_by=by) if campaign_id else None
        gathering = queries.gathering(gathering_id, seen_by=by) if gathering_id else None
        data = Path(file).read_bytes()
        about = {"kind": kind, "campaign": campaign, "file_name": Path(file).name, "digest": importing.digest_of(data)}
        about |= {"gathering": gathering}
        taken = actions.take_in(**about, file=data, by=by, key=secrets.token_hex())
        importing.read(taken.id)
        db.session.refresh(taken)
        for verdict, count in sorted(taken.totals.get("verdicts", {}).items()):
            click.echo(f"{verdict:12} {count}")
        if taken.state == SheetState.FAILED or dry_run:
            actions.drop_import(taken, by=by, key=secrets.token_hex())
            if not dry_run:
                stop(taken.sentence)
            return
        actions.ask_to_apply(taken, by=by, key=secrets.token_hex())
        importing.apply(taken.id, by.id)
        db.session.refresh(taken)
    except Refused as refusal:
        stop(sentence(refusal))
    if taken.state != SheetState.APPLIED:
        stop(taken.sentence)
    click.echo(f"Tersimpan. Lihat /dppkb/lembar/{taken.id}; dapat dibatalkan dalam 24 jam.")


class Migrating(click.Command):
    """`flask db …`, the library's own commands: loaded when they are asked for, since alembic takes its time."""

    def make_context(self, info_name, args, parent=None, **extra):
        from flask_migrate.cli import db as whole

        return whole.make_context(info_name, args, parent, **extra)


def init_app(app: Flask) -> None:
    app.cli.add_command(Migrating("db", help="Migrations: upgrade, downgrade, current."))
    for command in (recount, tick, backup_command, restore_command, demo_command, start_code, access_table):
        app.cli.add_command(command)
    for group in (user, key, wilayah, lembar):
        app.cli.add_command(group)
