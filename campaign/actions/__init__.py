"""What people do. One deed = one transaction; deeds never call deeds."""

from campaign.actions.aftercare import set_plan, set_report_day, undo_visit, visit, visit_unplanned
from campaign.actions.afterwards import (
    add_photo,
    caption_photo,
    decide,
    drop_decision,
    drop_photo,
    make_certificates,
    settle_decision,
    write_minutes,
)
from campaign.actions.attending import (
    close_list,
    come,
    come_uninvited,
    correct_entry,
    excuse,
    invite,
    invite_by_name,
    reopen_list,
    strike,
)
from campaign.actions.booking import book, cancel
from campaign.actions.campaigns import close_campaign, create_campaign, open_campaign, settle, unlock_campaign
from campaign.actions.cards import activate, make_cards, read_words
from campaign.actions.days import (
    add_blackout,
    cancel_day,
    move_day,
    open_day,
    open_series,
    remove_blackout,
    set_seats,
)
from campaign.actions.defer_reasons import set_defer_reasons
from campaign.actions.devices import revoke_device, set_pin, tell_unsent
from campaign.actions.digests import make_digest
from campaign.actions.gatherings import call_together, cancel_gathering, change_gathering, new_door_code
from campaign.actions.imports import (
    apply_import,
    ask_to_apply,
    ask_to_undo,
    drop_import,
    say_columns,
    take_in,
    undo_import,
)
from campaign.actions.keeping import log_access, settle_key, why_not_writable
from campaign.actions.learning import (
    add_material,
    add_question,
    answer_quiz,
    change_material,
    choose_questions,
    drop_material,
    drop_question,
    enter_mark,
    open_quiz,
    shut_quiz,
    take_up_question,
)
from campaign.actions.looks import log_look, log_opening
from campaign.actions.merging import merge, not_same, unmerge
from campaign.actions.notices import tell
from campaign.actions.paper import key_in, print_sheets
from campaign.actions.places import add_area, add_point, draw_map, end_desa, rename_area, revive_desa
from campaign.actions.posting import assign_plkb, move_kader, name_levels, set_working_area
from campaign.actions.reckoning import hear_names, mend
from campaign.actions.referrals import answer_referral
from campaign.actions.registers import mark_siga, unmark_siga
from campaign.actions.registration import counsel, enter_nik, register, walk_in, withdraw
from campaign.actions.rehearsals import clear_rehearsal, rehearse
from campaign.actions.service import (
    CLOCK,
    attend,
    close_day,
    correct,
    defer,
    miss,
    refer,
    serve,
    sweep,
    welcome,
)
from campaign.actions.sessions import sign_in, sign_in_with_pin, sign_out
from campaign.actions.staff import (
    add_person,
    change_password,
    change_person,
    disable_person,
    enable_person,
)
from campaign.actions.stock import count_stock, write_stock
from campaign.actions.targets import accept, drop, propose
from campaign.actions.transfers import accept_transfer, drop_transfer, propose_transfer, reject_transfer
from campaign.actions.waiting import confirm, let_go, stop_waiting, wait
from campaign.actions.walls import make_hall_wall, make_wall, renew_lobby, revoke_wall
