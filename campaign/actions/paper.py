"""Paper: sheets are printed with a code each, and what was written on them is keyed in, every row once."""

import os
from uuid import uuid4

from sqlalchemy import select

from campaign.actions import seats
from campaign.actions.deeds import Claim, deed
from campaign.actions.imports import ON_PAPER
from campaign.actions.registration import enrol
from campaign.extensions import db
from campaign.models import Akseptor, Campaign, PaperSheet
from campaign.rules import codes
from campaign.rules.refusals import NoSuch, RowTaken
from campaign.rules.roles import Role


@deed("print_sheets")
def print_sheets(
    claim: Claim, *, campaign: Campaign, sheets: int, rows: int, desa_code: str | None = None
) -> PaperSheet:
    """I want sheets to write on where there is no signal. Answers the first; the others were printed at the same moment."""
    seats.refuse_closed(campaign, claim)
    same = {"campaign_id": campaign.id, "desa_code": claim.by.desa_code or desa_code, "rows": rows}
    same |= {"by_id": claim.by.id, "printed_at": claim.at}
    printed = [PaperSheet(id=uuid4(), code=code, **same) for code in _new_codes(sheets)]
    db.session.add_all(printed)
    db.session.flush()
    return printed[0]


def _new_codes(number: int) -> list[str]:
    """So many codes no sheet has yet."""
    found = []
    while len(found) < number:
        code = codes.sheet_code(os.urandom(8))
        if code not in found and not db.session.scalar(select(PaperSheet.id).where(PaperSheet.code == code)):
            found.append(code)
    return found


@deed("paper")
def key_in(claim: Claim, sheet: PaperSheet, *, row: int, **answers) -> Akseptor:
    """What stands on this row of the sheet. Her consent was given on paper; that is what its record says.

    Raises RowTaken when the row was keyed in before, by whomever, AlreadyRegistered, CampaignNotOpen, NoSuch beyond the sheet.
    """
    seats.refuse_closed(sheet.campaign, claim)
    if not 1 <= row <= sheet.rows:
        raise NoSuch
    paper_row = f"{sheet.code}-{row}"
    here = (Akseptor.campaign_id == sheet.campaign_id, Akseptor.paper_row == paper_row)
    if db.session.scalar(select(Akseptor.id).where(*here)):
        raise RowTaken  # two at the same moment meet the unique index instead
    kader_id = claim.by.id if claim.by.role == Role.KADER else sheet.by_id
    about = {"paper_row": paper_row, "consent_text": ON_PAPER, "kader_id": kader_id, "desa_code": sheet.desa_code}
    return enrol(claim, campaign=sheet.campaign, **about, **answers)
