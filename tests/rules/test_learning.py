"""What was learned, reckoned by hand; and plain text that is nothing more than text."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from campaign.rules.learning import Asked, Mark, asked, blocks, correct, learned


def test_right_is_what_the_question_says_and_what_was_left_out_is_wrong():
    assert correct({"a": 1, "b": 0, "z": 1}, {"a": 1, "b": 2, "c": 0}) == 1


def test_the_change_is_of_those_who_did_both_parts():
    pre = {"sari": Mark(4, 10), "wati": Mark(6, 10), "nia": Mark(0, 10)}
    post = {"sari": Mark(8, 10), "wati": Mark(7, 10), "tini": Mark(10, 10)}
    found = learned(pre, post)
    assert (found.pre, found.pre_of) == (Fraction(100, 3), 3)
    assert (found.post, found.post_of) == (Fraction(250, 3), 3)
    assert (found.change, found.both) == (25, 2)  # +40 and +10


def test_nobody_learned_nothing():
    found = learned({}, {"sari": Mark(1, 2)})
    assert (found.pre, found.pre_of, found.change, found.both) == (None, 0, None, 0)


def test_the_mistake_most_made_is_told():
    answers = [{"a": 0}, {"a": 1}, {"a": 2}, {"a": 2}, {"b": 1}, {}]
    assert asked("a", 0, answers) == Asked(right=1, of=4, mistake=2)
    assert asked("b", 1, answers) == Asked(right=1, of=1, mistake=None)
    assert asked("a", 9, [{"a": 1}, {"a": 0}]).mistake == 0  # of equals the first


def test_text_is_paragraphs_and_lists_and_nothing_else():
    told = blocks("Enam peran IMP\ndi desa:\n- Pengorganisasian\n- Pertemuan\n\n<b>bukan tebal</b>\n\n\n- lagi")
    assert told == [
        (False, ["Enam peran IMP", "di desa:"]),
        (True, ["Pengorganisasian", "Pertemuan"]),
        (False, ["<b>bukan tebal</b>"]),
        (True, ["lagi"]),
    ]
    assert blocks("\n \n") == []


@given(st.text())
def test_no_word_of_a_text_is_lost(text):
    kept = " ".join(line for _, lines in blocks(text) for line in lines)
    assert len(kept.replace("-", "").split()) == len(" ".join(text.splitlines()).replace("-", "").split())
