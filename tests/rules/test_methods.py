"""What we call a method, and what each official form calls it."""

from campaign.rules.methods import (
    ALOKON_CODE,
    CU_NAME,
    K_IV_CODES,
    MKJP,
    PARTICIPANT_CODE,
    PASCA_PERSALINAN,
    WANTED,
    Method,
    Participant,
)

DECIDED = set(Method) - {Method.BELUM}
GIVEN = DECIDED - {Method.IMPLAN}


def test_every_decided_method_stands_on_every_form_and_belum_on_none():
    for form in (K_IV_CODES, CU_NAME):
        assert set(form) == DECIDED


def test_what_was_given_has_a_code_on_the_register_an_implan_only_with_its_rods():
    assert set(ALOKON_CODE) == GIVEN


def test_a_woman_can_wish_for_any_mkjp_without_knowing_the_rods_or_be_undecided():
    assert set(WANTED) == MKJP - {Method.IMPLAN_1, Method.IMPLAN_2} | {Method.BELUM}


def test_the_register_has_the_codes_1_to_11_once_each():
    assert sorted(ALOKON_CODE.values()) == list(range(1, 12))


def test_the_card_uses_all_its_ten_codes_and_asks_which_iud_and_how_many_rods():
    assert {code for codes in K_IV_CODES.values() for code in codes} == set(range(1, 11))
    assert [method for method, codes in K_IV_CODES.items() if len(codes) > 1] == [Method.IMPLAN, Method.IUD]


def test_register_and_card_number_mop_and_mow_the_other_way_round():
    assert (ALOKON_CODE[Method.MOP], ALOKON_CODE[Method.MOW]) == (10, 11)
    assert (K_IV_CODES[Method.MOP], K_IV_CODES[Method.MOW]) == ((10,), (9,))


def test_the_cu_register_has_seven_names_in_the_order_of_its_columns():
    assert list(dict.fromkeys(CU_NAME.values())) == ["IUD", "MOW", "MOP", "KDM", "IMP", "STK", "PIL"]


def test_mkjp_are_implan_iud_and_the_two_operations():
    assert {Method.IMPLAN, Method.IMPLAN_1, Method.IMPLAN_2, Method.IUD, Method.MOP, Method.MOW} == MKJP


def test_one_name_of_the_cu_register_is_all_mkjp_or_not_at_all():
    assert {CU_NAME[method] for method in MKJP}.isdisjoint(CU_NAME[method] for method in DECIDED - MKJP)


def test_a_kbpp_is_new_on_the_register_and_ticked_as_pasca_persalinan():
    assert PARTICIPANT_CODE[Participant.KBPP] == PARTICIPANT_CODE[Participant.BARU] == 1
    assert {Participant.KBPP} == PASCA_PERSALINAN


def test_every_participant_but_belum_has_one_of_the_registers_four_codes():
    assert set(PARTICIPANT_CODE) == set(Participant) - {Participant.BELUM}
    assert set(PARTICIPANT_CODE.values()) == {1, 2, 3, 4}


def test_our_words_are_what_the_database_keeps():
    assert [method.value for method in Method] == [
        "belum",
        "suntik_1",
        "suntik_3_kombinasi",
        "suntik_3_progestin",
        "pil_kombinasi",
        "pil_progestin",
        "kondom",
        "implan",
        "implan_1",
        "implan_2",
        "iud",
        "mop",
        "mow",
    ]
    assert [status.value for status in Participant] == ["belum", "baru", "kbpp", "ganti_cara", "ulangan", "komplikasi"]
