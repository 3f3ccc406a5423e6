"""What people look at. Looking changes nothing."""

from campaign.queries.akseptor import (
    akseptor,
    akseptor_list,
    bookable,
    bookable_list,
    bookings_of,
    history,
    in_need,
    last_correctable,
    method_of,
    missed_by,
    phones_of,
    progress_of,
    sealed_facts,
    to_help,
)
from campaign.queries.board import board, standings_of
from campaign.queries.board import version as board_version
from campaign.queries.campaigns import (
    campaign,
    campaign_list,
    desa,
    desa_list,
    desa_of_plkb,
    every_desa,
    kabupaten,
    kecamatan_list,
    rehearsal_of,
    targets,
)
from campaign.queries.cards import card, card_by_id, cards_made
from campaign.queries.days import (
    bookable_day,
    day_list,
    day_sheet,
    days_to_book,
    days_to_sweep,
    near_points,
    point_list,
    service_day,
    service_point,
)
from campaign.queries.devices import device, devices_here, devices_of
from campaign.queries.imports import (
    import_,
    import_list,
    import_page,
    import_rows,
    known_days,
    known_kader,
    known_weights,
    known_women,
    rows_to_take,
    will_make,
)
from campaign.queries.paper import paper_sheet, paper_sheet_by_code, paper_sheets, printed_with, rows_keyed
from campaign.queries.people import (
    changes_of,
    is_anybody_here,
    last_seen,
    myself,
    names_around,
    person,
    person_list,
    phone_of,
    signed_in,
    successors,
    waiting_for_cards,
)
from campaign.queries.points import others_there, works_for
from campaign.queries.reckoning import differences, jobs
from campaign.queries.registrations import registered
from campaign.queries.similar import exact, merge, merge_list, merged_into, pair, similar, suspects
from campaign.queries.splits import current_split, split, split_list, stage_changes, weight_columns, weight_sums
from campaign.queries.splits import rows as target_rows
from campaign.queries.supervision import (
    beyond_target,
    kader_standings,
    outboxes,
    patterns,
    progress,
    without_nik,
    women_of,
)
from campaign.queries.tickets import ticket, ticket_code, tickets
from campaign.queries.transfers import (
    hindrance,
    open_transfer,
    transfer,
    transfers_decided,
    transfers_from,
    transfers_to,
    transfers_to_decide,
    transfers_waiting,
)
from campaign.queries.wilayah import area, desa_named, drawing
