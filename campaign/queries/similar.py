"""Who may be one woman written twice: while a name is typed, and afterwards in lists that people go through.

Only those who stand on the road and take part are compared. Who withdrew may come back without anybody being told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import aliased, joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Desa, Kecamatan, Merge, NotSame
from campaign.queries import scope
from campaign.rules import sounds
from campaign.rules.journey import Status
from campaign.rules.merging import to_keep_first
from campaign.rules.refusals import NoSuch
from campaign.rules.sounds import Births
from campaign.sealed import keys

OUT = (None, Status.WITHDRAWN)
TAKES_PART = (Akseptor.status.is_not(None), Akseptor.status != Status.WITHDRAWN)
MOST_SOUNDS = 300  # of one desa, the nearest ones: no name is written in more ways


# ---- While she is being registered ----


@dataclass(frozen=True)
class Alike:
    """Somebody who may be her. `score` is above 0 up to 1; `desa_code` is none outside the kabupaten."""

    akseptor_id: UUID
    name: str
    score: float
    births: Births
    desa_code: str | None
    desa_name: str | None
    kecamatan_name: str | None
    is_same_desa: bool
    status: Status
    has_nik: bool


def similar(
    campaign: Campaign, name: str, birth_date: date | None, desa_code: str | None, *, limit=5, has_nik=False
) -> list[Alike]:
    """Who may be the woman of this name in this campaign, the likeliest first: of her desa, and anywhere with her birth date.

    `has_nik`: one that was asked for with `exact` and stands nowhere; then whoever has a NIK is somebody else.
    """
    sound = sounds.key(name)
    if not sound:
        return []
    found = {row.id: row for row in _of_desa(campaign, sound, desa_code)} if desa_code else {}
    if birth_date and not sounds.is_guessed(birth_date):
        found |= {row.id: row for row in db.session.execute(BORN, {"campaign": campaign.id, "born": birth_date})}
    standing = (row for row in found.values() if row.status not in OUT and not (has_nik and row.has_nik))
    likely = [one for row in standing if (one := _alike(row, sound, birth_date, desa_code)).score]
    return sorted(likely, key=lambda one: (-one.score, not one.is_same_desa, one.name, one.akseptor_id))[:limit]


def _of_desa(campaign: Campaign, sound: str, desa_code: str):
    """Who of this desa sounds like it. Its sounds are read from the index alone and compared at the speed of C."""
    here = {"campaign": campaign.id, "desa": desa_code}
    beginnings = sounds.beginnings(sound)
    ranges = {f"from{n}": letters for n, letters in enumerate(beginnings)}
    ranges |= {f"below{n}": letters[:-1] + chr(ord(letters[-1]) + 1) for n, letters in enumerate(beginnings)}
    heard = db.session.scalars(_sounds(len(beginnings)), here | ranges).all()
    near = process.extract(
        sound, heard, scorer=Levenshtein.distance, processor=None, score_cutoff=sounds.EDITS, limit=MOST_SOUNDS
    )
    return db.session.execute(HEARD, here | {"sounds": [name for name, *_ in near]}).all() if near else []


def _alike(row, sound: str, birth_date: date | None, desa_code: str | None) -> Alike:
    born, is_same_desa = sounds.births(row.birth_date, birth_date), row.desa_code == desa_code
    score = sounds.likeness(row.sound, sound, born, is_same_desa=is_same_desa)
    places = (row.desa_code, row.desa_name, row.kecamatan_name, is_same_desa)
    return Alike(row.id, row.name, score, born, *places, row.status, row.has_nik)


def exact(campaign: Campaign, nik: str) -> str | None:
    """The kecamatan where this NIK is registered in this campaign; '' outside the kabupaten, None where nobody has it."""
    found = db.session.execute(BY_NIK, {"campaign": campaign.id, "nik": keys.index("nik", nik)}).first()
    return found and (found.name or "")


# The statements, built once: this is asked while people type.
IN_DESA = (Akseptor.campaign_id == bindparam("campaign"), Akseptor.desa_code == bindparam("desa"))
SHOWN = (
    select(
        Akseptor.id,
        Akseptor.name,
        Akseptor.sound,
        Akseptor.birth_date,
        Akseptor.desa_code,
        Akseptor.status,
        Akseptor.has_nik,
        Desa.name.label("desa_name"),
        Kecamatan.name.label("kecamatan_name"),
    )
    .outerjoin(Desa, Desa.code == Akseptor.desa_code)
    .outerjoin(Kecamatan, Kecamatan.code == Desa.kecamatan_code)
)


@cache
def _sounds(beginnings: int):
    """The sounds of a desa within so many ranges. One SELECT for each: of an OR SQLite would not answer from the index alone."""
    ranges = [
        select(Akseptor.sound).where(
            *IN_DESA, Akseptor.sound >= bindparam(f"from{n}"), Akseptor.sound < bindparam(f"below{n}")
        )
        for n in range(beginnings)
    ]
    return union_all(*(one.distinct() for one in ranges))


HEARD = SHOWN.where(*IN_DESA, Akseptor.sound.in_(bindparam("sounds", expanding=True)))
BORN = SHOWN.where(Akseptor.campaign_id == bindparam("campaign"), Akseptor.birth_date == bindparam("born"))
BY_NIK = (
    select(Kecamatan.name)
    .select_from(Akseptor)
    .outerjoin(Desa, Desa.code == Akseptor.desa_code)
    .outerjoin(Kecamatan, Kecamatan.code == Desa.kecamatan_code)
    .where(*TAKES_PART, Akseptor.campaign_id == bindparam("campaign"), Akseptor.nik_index == bindparam("nik"))
)


# ---- Afterwards: lists of two records that may be one woman ----


@dataclass(frozen=True)
class Pair:
    """Two records that may be one woman. `one` is the one to keep: further on the road, with NIK, older."""

    one: Akseptor
    other: Akseptor
    score: float


SAME_NEIGHBOURS = 0.4  # one name in one RT: the dates of birth may be what is written wrongly


def suspects(campaign: Campaign, desa_codes: Collection[str] | None, *, limit: int) -> list[Pair]:
    """Pairs of this campaign to be looked at, the likeliest first; both in these desa, or anywhere for None.

    Left out are two with a NIK each, which are two women, and those somebody has looked at already.
    """
    columns = (
        Akseptor.id,
        Akseptor.desa_code,
        Akseptor.sound,
        Akseptor.birth_date,
        Akseptor.has_nik,
        Akseptor.rt,
        Akseptor.rw,
    )
    here = [Akseptor.campaign_id == campaign.id, Akseptor.sound != "", *TAKES_PART]
    if desa_codes is not None:
        here.append(Akseptor.desa_code.in_(desa_codes))
    rows = db.session.execute(select(*columns).where(*here)).all()
    looked_at = _looked_at(campaign)
    scored = {}
    for one, other in _to_compare(rows):
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        if pair not in scored and pair not in looked_at:
            scored[pair] = _score(one, other)
    best = sorted((pair for pair, score in scored.items() if score), key=lambda pair: (-scored[pair], pair))[:limit]
    women = _women({id for pair in best for id in pair})
    return [Pair(*to_keep_first(women[one], women[other]), scored[one, other]) for one, other in best]


def _to_compare(rows):
    """Pairs that may be one woman at all. Blocks keep this near the number of rows, where all with all would be its square."""
    by_desa, by_birth = defaultdict(lambda: defaultdict(list)), defaultdict(list)
    for row in rows:
        by_desa[row.desa_code][row.sound].append(row)
        if row.birth_date and not sounds.is_guessed(row.birth_date):
            by_birth[row.birth_date].append(row)
    for by_sound in by_desa.values():
        for namesakes in by_sound.values():
            yield from _without_two_niks(combinations(namesakes, 2))
        for one, other in _near_sounds(by_sound):
            yield from _without_two_niks((a, b) for a in by_sound[one] for b in by_sound[other])
    for born_together in by_birth.values():
        for one, other in _without_two_niks(combinations(born_together, 2)):
            most = sounds.MOST_EDITS if one.desa_code == other.desa_code else sounds.EDITS
            is_near = Levenshtein.distance(one.sound, other.sound, score_cutoff=most) <= most
            if is_near or sounds.is_longer_form(one.sound, other.sound):
                yield one, other


def _without_two_niks(pairs):
    return ((one, other) for one, other in pairs if not (one.has_nik and other.has_nik))


def _near_sounds(heard: Iterable[str]):
    """Two sounds that are nearly one: a letter or two apart, so their first or their last letters are the same."""
    blocks = defaultdict(list)
    for sound in heard:
        telling = sounds.COMMON.sub("", sound)
        for block in {("from", telling[:3]), ("to", telling[-3:])}:
            blocks[block].append(sound)
    for block in blocks.values():
        for one, other in combinations(block, 2):
            if Levenshtein.distance(one, other, score_cutoff=sounds.EDITS) <= sounds.EDITS:
                yield one, other


def _score(one, other) -> float:
    is_same_desa = one.desa_code == other.desa_code
    born = sounds.births(one.birth_date, other.birth_date)
    score = sounds.likeness(one.sound, other.sound, born, is_same_desa=is_same_desa)
    are_neighbours = is_same_desa and one.rt and (one.rt, one.rw) == (other.rt, other.rw)
    return score or (SAME_NEIGHBOURS if are_neighbours and one.sound == other.sound else 0.0)


def _looked_at(campaign: Campaign) -> set[tuple[UUID, UUID]]:
    said = select(NotSame.one_id, NotSame.other_id).join(Akseptor, Akseptor.id == NotSame.one_id)
    return {(one, other) for one, other in db.session.execute(said.where(Akseptor.campaign_id == campaign.id))}


def _women(ids: Collection[UUID]) -> dict[UUID, Akseptor]:
    rows = select(Akseptor).where(Akseptor.id.in_(ids))
    rows = rows.options(joinedload(Akseptor.desa).joinedload(Desa.kecamatan), joinedload(Akseptor.kader))
    return {row.id: row for row in db.session.scalars(rows)}


def pair(one_id: UUID, other_id: UUID, *, seen_by, today: date) -> Pair:
    """Two records of one campaign. Raises NoSuch where one is unknown or outside the scope, or both are one."""
    hers = (Akseptor.id.in_([one_id, other_id]), scope.akseptor_of(seen_by, today=today))
    ids = db.session.scalars(select(Akseptor.id).where(*hers)).all()
    two = list(_women(ids).values())
    if len(two) != 2 or two[0].campaign_id != two[1].campaign_id:
        raise NoSuch
    return Pair(*to_keep_first(*two), _score(*two))


# ---- Merges ----


def merge(merge_id: UUID, *, seen_by) -> Merge:
    """One merge of her kabupaten. Raises NoSuch."""
    kept = aliased(Akseptor)
    here = select(Campaign.id).where(scope.campaigns_of(seen_by))
    mine = select(Merge).join(kept, kept.id == Merge.kept_id).where(Merge.id == merge_id, kept.campaign_id.in_(here))
    return scope.one(mine)


def merge_list(campaign: Campaign, *, limit: int) -> list[Merge]:
    """The newest merges of this campaign, those that were taken back among them."""
    kept = aliased(Akseptor)
    rows = select(Merge).join(kept, kept.id == Merge.kept_id).where(kept.campaign_id == campaign.id)
    rows = rows.options(
        joinedload(Merge.kept).joinedload(Akseptor.desa), joinedload(Merge.gone).joinedload(Akseptor.desa)
    )
    rows = rows.options(joinedload(Merge.by), joinedload(Merge.undone_by)).order_by(Merge.at.desc(), Merge.id)
    return list(db.session.scalars(rows.limit(limit)))


def merged_into(akseptor: Akseptor) -> list[Merge]:
    """Which records were made one with hers and still are."""
    hers = (Merge.kept_id == akseptor.id, Merge.undone_at.is_(None))
    rows = select(Merge).where(*hers).options(joinedload(Merge.by)).order_by(Merge.at)
    return list(db.session.scalars(rows))
