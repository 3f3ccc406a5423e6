"""Paper sheets of the desa somebody works in, and which of their rows were keyed in."""

from uuid import UUID

from sqlalchemy import case, false, select
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.models import Akseptor, Campaign, Desa, PaperSheet
from campaign.queries import scope
from campaign.rules.roles import Role

MOST = 40  # sheets on the page, the newest


def _sheets_of(by):
    if by.role == Role.KADER:
        return PaperSheet.desa_code == by.desa_code
    return PaperSheet.desa_code.in_(scope.desa_of_plkb(by)) if by.role == Role.PLKB else false()


def _with_places(sheets):
    return sheets.options(
        joinedload(PaperSheet.campaign), joinedload(PaperSheet.desa).joinedload(Desa.kecamatan)
    ).order_by(PaperSheet.printed_at.desc(), PaperSheet.code)


def _one(condition, seen_by) -> PaperSheet:
    return scope.one(_with_places(select(PaperSheet).where(condition, _sheets_of(seen_by))))


def paper_sheet(sheet_id: UUID, *, seen_by) -> PaperSheet:
    """A sheet of a desa she works in. Raises NoSuch."""
    return _one(PaperSheet.id == sheet_id, seen_by)


def paper_sheet_by_code(code: str, campaign: Campaign, *, seen_by) -> PaperSheet:
    """The same by the code printed on it. Raises NoSuch."""
    return _one((PaperSheet.code == code) & (PaperSheet.campaign_id == campaign.id), seen_by)


def paper_sheets(campaign: Campaign, *, seen_by) -> list[PaperSheet]:
    """The newest sheets of her desa."""
    hers = select(PaperSheet).where(PaperSheet.campaign_id == campaign.id, _sheets_of(seen_by))
    return list(db.session.scalars(_with_places(hers).limit(MOST)))


def printed_with(sheet: PaperSheet) -> list[PaperSheet]:
    """The sheets of one print: same person, same moment."""
    same = (PaperSheet.campaign_id == sheet.campaign_id, PaperSheet.by_id == sheet.by_id)
    return list(
        db.session.scalars(_with_places(select(PaperSheet).where(*same, PaperSheet.printed_at == sheet.printed_at)))
    )


def rows_keyed(sheets: list[PaperSheet], *, seen_by, today) -> dict[UUID, dict[int, str | None]]:
    """By sheet, the rows that were keyed in and whose they are; none where she is not on the asker's list (any more)."""
    rows = {f"{sheet.code}-{row}": (sheet.id, row) for sheet in sheets for row in range(1, sheet.rows + 1)}
    her_name = case((scope.akseptor_of(seen_by, today=today), Akseptor.name))
    campaigns = {sheet.campaign_id for sheet in sheets}
    keyed = select(Akseptor.paper_row, her_name).where(
        Akseptor.campaign_id.in_(campaigns), Akseptor.paper_row.in_(rows)
    )
    found = {sheet.id: {} for sheet in sheets}
    for paper_row, name in db.session.execute(keyed):
        sheet_id, row = rows[paper_row]
        found[sheet_id][row] = name
    return found
