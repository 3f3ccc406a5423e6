"""What people look at. Looking changes nothing."""

from campaign.queries.aftercare import (
    aftercare_of,
    due_visits,
    follow_up,
    found_at,
    given,
    plans,
    points_visited,
    removal_months,
    removals_due,
    service,
    visits_due,
    visits_of,
)
from campaign.queries.afterwards import (
    certificate_by_code,
    certificate_of,
    certificates,
    decision,
    decisions,
    has_certificate,
    invitees_with_phone,
    is_valid,
    number_tail,
    open_decisions,
    photo,
    photo_to_change,
    photos,
)
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
from campaign.queries.board import board, desa_by_method, standings_of
from campaign.queries.board import version as board_version
from campaign.queries.calendar import blackout, blackout_list, open_on_blackouts
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
from campaign.queries.completeness import completeness as completeness_of
from campaign.queries.completeness import point_standings, tomorrow
from campaign.queries.days import (
    bookable_day,
    day_list,
    days_to_book,
    days_to_move_to,
    days_to_sweep,
    expected_on,
    lines_of,
    near_points,
    point_list,
    service_day,
    service_point,
)
from campaign.queries.devices import device, devices_here, devices_of
from campaign.queries.digests import digest, digest_list, digests_due
from campaign.queries.effect import effect
from campaign.queries.gatherings import (
    gathering,
    gathering_at_desk,
    gathering_by_door,
    gathering_in_kabupaten,
    gathering_invited_to,
    gathering_list,
    gatherings_of_kabupaten,
    gatherings_to_close,
    inviteable,
    invitee,
    invitee_by_code,
    invitee_list,
    last_entry,
    my_gatherings,
    my_invitation,
    turnout,
    turnout_version,
    uninvited,
)
from campaign.queries.imports import (
    import_,
    import_list,
    import_page,
    import_rows,
    known_days,
    known_kader,
    known_list,
    known_weights,
    known_women,
    rows_to_take,
    will_make,
)
from campaign.queries.learning import (
    material,
    material_list,
    may_see_answers,
    question,
    question_bank,
    quiz_of,
    results,
    results_of,
    scored_list,
)
from campaign.queries.opened import last_opened, opened_list
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
    signed_in_many,
    successors,
    waiting_for_cards,
)
from campaign.queries.pictures import burn_up, day_counts, places_open
from campaign.queries.points import others_there, works_for
from campaign.queries.reckoning import differences, jobs
from campaign.queries.referrals import referral, referral_of, referred_by_us, referred_to_us
from campaign.queries.registers import faskes, faskes_list, register_lines, stock_book, taken_back, visits_beside
from campaign.queries.registrations import registered
from campaign.queries.sheet import (
    booked_since,
    by_nik,
    day_sheet,
    defer_reasons,
    kader_for,
    kader_of,
    known_here,
    last_done,
    last_filled,
    my_last,
    place_in_queue,
    referral_points,
    scanned,
    service_of,
    sheet_version,
)
from campaign.queries.similar import exact, merge, merge_list, merged_into, pair, similar, suspects
from campaign.queries.splits import current_split, split, split_list, stage_changes, weight_columns, weight_sums
from campaign.queries.splits import rows as target_rows
from campaign.queries.stock import book, book_list, keeps_book, promised, sets_on_hand, stock_lines, stock_of
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
from campaign.queries.waiting import days_to_let_go, her_waiting, line_of, notice, untold, waits_of
from campaign.queries.walls import (
    lobbies,
    lobby,
    lobby_rows,
    lobby_version,
    served_by_desa,
    wall_by_token,
    wall_link,
    wall_list,
    walls_standing,
)
from campaign.queries.wilayah import area, desa_named, drawing
