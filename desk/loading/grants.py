"""Grants: money given on to those who take part. An amount that cannot be read is kept as it was written."""

from operator import itemgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.amounts import amounts
from desk.loading.currencies import with_currency
from desk.loading.fields import Field, Refused
from desk.loading.funded import FUNDING, Fundings
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, in_words, only
from desk.loading.locked import Locks
from desk.loading.numbered import Numbered
from desk.loading.shelf import Shelf, clean
from outcomes.models import Grant, GrantAmount
from training.models import Enrolment

LONGEST = Grant._meta.get_field("as_written").max_length


class Grants(BulkKind):
    name = "grants"
    words = "grants grant microgrants scholarships grantovi stipendije bespovratna"
    fields = (
        FUNDING,
        Field(
            "id",
            gettext_lazy("its id in the source of the file"),
            words="grant id,case id,grant number,case number,broj granta,sifra granta,broj ugovora,sifra",
        ),
        Field(
            "person",
            gettext_lazy("to whom: id, e-mail or name of somebody who takes part"),
            words="grantee,recipient,participant,korisnica,korisnik,primalac,kome,polaznica,ime i prezime",
        ),
        Field(
            "amount",
            gettext_lazy("amount with its currency; several are joined by +"),
            "money",
            words="grant amount,final cost,amount granted,iznos,iznos granta,dodeljeni iznos,sum,"
            "amount eur,amount rsd,iznos eur,iznos rsd;cost,value",
        ),
        Field("currency", gettext_lazy("currency of the amounts"), "currency", words="valuta"),
        Field(
            "state",
            gettext_lazy("asked, granted, paid or refused; granted where an amount is said, else asked for"),
            words="status,grant status,stanje,status granta",
            choices=Grant.State,
            also="requested=asked,trazeno=asked,approved=granted,awarded=granted,odobreno=granted,"
            "dodeljeno=granted,isplaceno=paid,disbursed=paid,rejected=refused,odbijeno=refused",
        ),
        Field(
            "day",
            gettext_lazy("day"),
            "day",
            words="date,granted on,paid on,grant date,datum,datum dodele,datum isplate",
        ),
        Field("country", gettext_lazy("country"), words="drzava,zemlja"),
        Field(
            "purpose",
            gettext_lazy("what for"),
            words="grant purpose,requested items,items,namena,svrha,za sta;description,opis",
        ),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.locks = Locks(target.programme)
        self.fundings, self.numbered = Fundings(target.programme), Numbered()
        self.enrolments: dict[int, Enrolment] = {}

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if "amount" in guessed else 3

    @classmethod
    def completed(cls, mapping, counted, target):
        return with_currency(mapping, ("amount",))

    @classmethod
    def check(cls, origins, target):
        if "amount" not in {origin.field.name for origin in origins}:
            raise Refused(_("Say which column is the amount."))

    def look_up(self, rows):
        people = self.target.people
        people.learn(row["person"] for row in rows if row.get("person"))
        here = Enrolment.objects.filter(programme=self.target.programme, person__in=people.known())
        self.enrolments |= {row.person_id: row for row in here}

    def key(self, row):
        return self.numbered.key(row)

    def write_batch(self, entries):
        keys = [entry.key for entry in entries]
        rows = Grant.objects.filter(
            programme=self.target.programme, source=self.target.source, source_id__in=keys
        )
        rows = rows.select_related("funding", "enrolment")
        grants = Shelf(Grant, self.trail, {row.source_id: row for row in rows})
        rows = GrantAmount.objects.filter(grant__in=[row.pk for row in grants.rows.values()])
        there = {(row.grant.source_id, row.currency): row for row in rows.select_related("grant")}
        money = Shelf(GrantAmount, self.trail, there, by=itemgetter(0))
        found = []
        for entry in entries:
            try:
                found.append(self._put(grants, money, entry))
            except (Refused, ValidationError) as error:
                found.append(in_words(error))
        grants.keep()
        money.keep()
        return found

    def _put(self, grants: Shelf, money: Shelf, entry) -> str:
        row, read = entry.row, self._read(entry.row)
        said = only(row, "state", "day", "country", "purpose") | self._of(row)
        if row.get("amount") is not None:
            said["as_written"] = str(row["amount"])
        clean(Grant, said, {"as_written": "amount"})
        wanted = {(entry.key, code): {"amount": amount} for amount, code in read or ()}
        gone = (
            [] if row.get("amount") is None else [key for key in money.told[entry.key] if key not in wanted]
        )
        became = grants.would(entry.key, said)
        changes = bool(gone) or any(money.would(key, one) != UNCHANGED for key, one in wanted.items())
        if became == UNCHANGED and not changes:
            return UNCHANGED
        before = grants.rows.get(entry.key)
        self.locks.insist_open(row.get("day"), before.day if before else None)
        self._keep(grants, money, entry.key, said, wanted, bool(read))
        money.drop(gone)
        if read is None and row.get("amount") is not None:
            words = _("“%(said)s” is kept as it is written: it counts for nothing.")
            self.noticed.append(words % {"said": said["as_written"]})
        return CREATED if became == CREATED else UPDATED

    def _keep(self, grants, money, key: str, said: dict, wanted: dict, is_read: bool) -> None:
        new = {"programme": self.target.programme, "source": self.target.source, "source_id": key}
        new |= {"by": self.target.by, "at": self.target.now}
        if "state" not in said:
            new["state"] = Grant.State.GRANTED if is_read else Grant.State.ASKED
        grants.put(key, said, **new)
        for one, amount in wanted.items():
            money.put(one, amount, grant=grants.rows[key], currency=one[1])

    def _of(self, row) -> dict:
        """Of which funding and to whom, where it is said."""
        said = {}
        if funding := self.fundings.may_be(row.get("funding")):
            said["funding"] = funding
        if row.get("person"):
            person = self.target.people.find(row["person"], "person")
            if person.pk not in self.enrolments:
                raise Refused(_("This person does not take part in the programme."), "person", row["person"])
            said["enrolment"] = self.enrolments[person.pk]
        return said

    def _read(self, row):
        if row.get("amount") is None:
            return None
        if len(str(row["amount"])) > LONGEST:
            words = _("At most %(n)s signs may stand here.")
            raise Refused(words % {"n": LONGEST}, "amount", row["amount"])
        try:
            return amounts(row["amount"], row.get("currency") or "")
        except ValueError as error:
            raise Refused(str(error), "amount", row["amount"]) from None
