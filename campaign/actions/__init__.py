"""What people do. One deed = one transaction; deeds never call deeds."""

from campaign.actions.booking import book, cancel
from campaign.actions.campaigns import (
    add_point,
    change_campaign,
    create_campaign,
    open_day,
    set_seats,
    set_stage,
    split,
)
from campaign.actions.keeping import log_access, settle_key, why_not_writable
from campaign.actions.reckoning import mend
from campaign.actions.registration import counsel, enter_nik, register, walk_in, withdraw
from campaign.actions.service import CLOCK, attend, correct, defer, miss, serve, sweep
from campaign.actions.sessions import sign_in, sign_out
from campaign.actions.staff import (
    add_kader,
    add_person,
    change_password,
    disable_person,
    enable_person,
    first_passphrase,
    reset_password,
)
