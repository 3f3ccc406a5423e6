"""What the house says no to. The words for the screen stand in `campaign/errors.py`."""

from datetime import date, datetime, timedelta


class Refused(Exception):
    """A deed that was understood and not done. Nothing was changed."""

    code = "refused"
    status = 409


class NoSuch(Refused):
    """Unknown, or outside the person's scope: the two must look the same."""

    code, status = "no_such", 404


class NotAllowed(Refused):
    """Her role does not do this."""

    code, status = "not_allowed", 403


class WrongStep(Refused):
    """The road has no such step from where she stands, or somebody else was quicker."""

    code = "wrong_step"

    def __init__(self, before, kind):
        super().__init__(before, kind)
        self.before, self.kind = before, kind


class Quicker(Refused):
    """A colleague has done something with her first; `last` is the ledger's line, `who` wrote it."""

    code = "quicker"

    def __init__(self, name: str, last, who: str | None, zone: str):
        super().__init__(name, who)
        self.name, self.last, self.who, self.zone = name, last, who, zone


class DayFull(Refused):
    """No seat is left on this service day, or none for this family of methods; `free` are the next days that suit her."""

    code = "day_full"

    def __init__(self, family=None, free: tuple[tuple[date, str], ...] = ()):
        super().__init__(family, free)
        self.family, self.free = family, free


class StockShort(Refused):
    """More seats of a family than there are sets in the book, those promised on other days counted."""

    code = "stock_short"

    def __init__(self, family, there: int, promised: int):
        super().__init__(family, there, promised)
        self.family, self.there, self.promised = family, there, promised


class DayHasRoom(Refused):
    """Nobody waits for a day on which she can have a seat."""

    code = "day_has_room"


class HasSeat(Refused):
    """She has a seat on some day already, so she waits for none."""

    code = "has_seat"


class SeatLapsed(Refused):
    """Nobody has said yes in time to the seat that was held for her."""

    code = "seat_lapsed"


class DayBegun(Refused):
    """Somebody came or has her outcome on this day: it cannot be moved or cancelled as a whole any more."""

    code = "day_begun"


class IsBlackout(Refused):
    """Nobody serves on this date."""

    code = "is_blackout"

    def __init__(self, on: date, why: str):
        super().__init__(on, why)
        self.on, self.why = on, why


class NoDates(Refused):
    """Between these dates there is no such weekday, or nobody serves on any of them."""

    code, status = "no_dates", 422


class NotLeaving(Refused):
    """Somebody who was to give up her seat on this day does not hold it any more, or is here already."""

    code = "not_leaving"


class DayNotOpen(Refused):
    """The service day is over, cancelled, or of another campaign."""

    code = "day_not_open"


class SeatsTaken(Refused):
    """A day cannot have fewer seats than are taken."""

    code = "seats_taken"

    def __init__(self, taken: int, family=None):
        super().__init__(taken, family)
        self.taken, self.family = taken, family


class AlreadyRegistered(Refused):
    """This NIK stands in this campaign already. Nothing of the other record is told but whose PLKB to ask."""

    code = "already_registered"

    def __init__(self, kecamatan: str | None = None):
        super().__init__(kecamatan)
        self.kecamatan = kecamatan


class RowTaken(Refused):
    """This row of this sheet of paper was keyed in already, by whomever."""

    code = "row_taken"


class NotCounselled(Refused):
    """Without counselling and willingness no seat is held."""

    code = "not_counselled"


class NotYet(Refused):
    """She was deferred until a later day than the one chosen."""

    code = "not_yet"

    def __init__(self, until: date):
        super().__init__(until)
        self.until = until


class CampaignNotOpen(Refused):
    """The campaign is a draft, is closed, or this is outside its window."""

    code = "campaign_not_open"


class BadDate(Refused):
    """A service cannot be dated in the future or before the campaign."""

    code, status = "bad_date", 422


class NikNeeded(Refused):
    """A service counts with a NIK, or is saved with the reason why there is none."""

    code, status = "nik_needed", 422


class StillOpen(Refused):
    """A day is closed when everybody has an outcome; these have none."""

    code = "still_open"

    def __init__(self, names: list[str]):
        super().__init__(names)
        self.names = names


class AlreadyAnswered(Refused):
    """Somebody has answered this referral, or called it off."""

    code = "already_answered"


class WindowPassed(Refused):
    """The puskesmas's time for corrections is over; DPPKB may still correct."""

    code = "window_passed"


class VisitSettled(Refused):
    """This visit was written down, taken back, or fell with its service meanwhile."""

    code = "visit_settled"


class TargetNotReady(Refused):
    """The campaign's targets do not add up to its headline, or it has none."""

    code = "target_not_ready"

    def __init__(self, headline: int, total: int):
        super().__init__(headline, total)
        self.headline, self.total = headline, total


class NotSettled(Refused):
    """Parts of the draft are still proposals nobody has looked at."""

    code = "not_settled"

    def __init__(self, missing):
        super().__init__(missing)
        self.missing = missing


class Locked(Refused):
    """The campaign's time for late entries is over. DPPKB may unlock it, which is written down."""

    code = "locked"


class NotCurrent(Refused):
    """This version of the split was made from something that has changed since."""

    code = "not_current"


class WrongState(Refused):
    """The file is not where this button was drawn: somebody was quicker, or it is still being read."""

    code = "wrong_state"


class TooLate(Refused):
    """An import is undone within a day."""

    code = "too_late"


class InUse(Refused):
    """What others refer to cannot be taken away."""

    code = "in_use"


class NameTaken(Refused):
    """Somebody signs in with this name already."""

    code, status = "name_taken", 422

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


class LastAdmin(Refused):
    """An office without anybody who can manage its people is locked out for good."""

    code = "last_admin"


class AlreadyProposed(Refused):
    """For this woman a transfer is proposed and not decided yet."""

    code = "already_proposed"


class AlreadyDecided(Refused):
    """Somebody has accepted, rejected or taken back this transfer before."""

    code = "already_decided"


class MovedOn(Refused):
    """Since the transfer was proposed she, or the desa she was to go to, has changed."""

    code = "moved_on"


class NotMergeable(Refused):
    """These two records cannot be made one now, or not apart again; `why` says what stands between."""

    code = "not_mergeable"

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class KeyReused(Refused):
    """The same key came with another content."""

    code, status = "key_reused", 422


class BadKey(Refused):
    """The form came without a usable key: the page is old or broken."""

    code, status = "bad_key", 422


class Unreadable(Refused):
    """What a phone kept cannot be opened: sealed to another key, broken, or not what its label says."""

    code, status = "unreadable", 422


class OthersItem(Refused):
    """What a phone kept was registered under another account; nobody else may send it."""

    code, status = "others_item", 403


class BadFile(Refused):
    """The sheet cannot be taken; the sentence says which line and why."""

    code, status = "bad_file", 422

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


class ReadOnly(Refused):
    """The key file is missing or is not the one this database was sealed with."""

    code, status = "read_only", 503


class Busy(Refused):
    """The database was busy twice; trying again later is safe."""

    code, status = "busy", 503


class TooManyTries(Refused):
    """Too many wrong passwords within this time; wait that long."""

    code, status = "too_many_tries", 429

    def __init__(self, within: timedelta):
        super().__init__(within)
        self.within = within


class TooManyLooks(Refused):
    """She has asked too often whether somebody is known here."""

    code, status = "too_many_looks", 429


class TooManyOpened(TooManyLooks):
    """She has opened too many records that are not hers."""

    code = "too_many_opened"


class WrongPin(Refused):
    """Not her PIN; `left` more tries until it is worth nothing."""

    code, status = "wrong_pin", 422

    def __init__(self, left: int):
        super().__init__(left)
        self.left = left


class NoPin(Refused):
    """This browser has no PIN of hers that is worth anything: the passphrase is asked for."""

    code = "no_pin"


class CardNotGood(Refused):
    """The activation card is unknown, was used, has run out or was replaced: all the same to who holds it."""

    code, status = "card_not_good", 404


class OwnCard(Refused):
    """Nobody makes a card for herself: she would be outside before it is printed."""

    code = "own_card"


class WrongStage(Refused):
    """A campaign that was opened does not become a draft again."""

    code = "wrong_stage"


class GatheringOver(Refused):
    """This gathering was cancelled."""

    code = "gathering_over"


class SignInShut(Refused):
    """Nobody may sign in at this moment: not yet, or not any more."""

    code = "sign_in_shut"

    def __init__(self, opens_at: datetime, closes_at: datetime, zone: str):
        super().__init__(opens_at, closes_at)
        self.opens_at, self.closes_at, self.zone = opens_at, closes_at, zone


class ListClosed(Refused):
    """The attendance list of this gathering was closed."""

    code = "list_closed"


class HallFull(Refused):
    """Every chair of the hall is taken."""

    code = "hall_full"


class NoSuchDoor(NoSuch):
    """The code of a door that leads nowhere: mistyped, changed since, or of another kabupaten."""

    code = "no_such_door"


class NotInvited(Refused):
    """She signs in at a gathering that has not invited her."""

    code = "not_invited"


class MinutesMoved(Refused):
    """A colleague has changed the minutes since this page was opened."""

    code = "minutes_moved"


class TooManyPhotos(Refused):
    """This gathering has as many photos as it may have."""

    code = "too_many_photos"


class NoCertificate(Refused):
    """None was made for her at this gathering, or it does not hold any more."""

    code = "no_certificate"


class NumberTaken(Refused):
    """The certificates of another gathering have these numbers."""

    code, status = "number_taken", 422


class QuizShut(Refused):
    """This part of the test cannot be filled in now: it is not open, or it has no question."""

    code = "quiz_shut"


class QuizAnswered(Refused):
    """She has sent this part of the test herself: once is enough."""

    code = "quiz_answered"


class QuizBegun(Refused):
    """The questions stand: somebody may be answering them, or has."""

    code = "quiz_begun"


class NotHere(Refused):
    """A test is for who has signed in."""

    code = "not_here"
