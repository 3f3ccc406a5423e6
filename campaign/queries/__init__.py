"""What people look at. Looking changes nothing."""

from campaign.queries.akseptor import (
    akseptor,
    akseptor_list,
    bookable,
    bookable_list,
    bookings_of,
    history,
    last_correctable,
    method_of,
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
    kabupaten,
    kecamatan_list,
    targets,
)
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
from campaign.queries.people import is_anybody_here, person, person_list, signed_in
from campaign.queries.reckoning import differences, jobs
