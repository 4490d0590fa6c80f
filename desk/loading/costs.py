"""Costs of a funding: a row a budget line, planned or spent or both, in one currency or several."""

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
from outcomes.models import Cost
from training.models import Module

AMOUNTS = {"planned": Cost.Kind.PLANNED, "spent": Cost.Kind.SPENT}
NAMES = {"is_eligible": "eligible", "name": "line", "as_written": "amount"}


class Costs(BulkKind):
    name = "costs"
    words = "costs budget expenses troskovi budzet izdaci"
    fields = (
        FUNDING,
        Field("id", gettext_lazy("its id in the source of the file"), words="cost id,voucher,nalog,sifra"),
        Field(
            "line",
            gettext_lazy("budget line"),
            required=True,
            words="cost,cost item,budget heading,stavka,budzetska linija,naziv troska,trosak;item",
        ),
        Field(
            "kind",
            gettext_lazy("planned or spent"),
            words="planned or spent,plan or spent,vrsta",
            choices=Cost.Kind,
            also="plan=planned,budget=planned,budzet=planned,actual=spent,realizovano=spent,utroseno=spent",
        ),
        Field(
            "amount",
            gettext_lazy("amount, with its currency; of what is planned or spent"),
            "money",
            words="iznos,sum,value,amount eur,amount rsd,iznos eur,iznos rsd;cost",
        ),
        Field(
            "planned",
            gettext_lazy("planned amount"),
            "money",
            words="plan,budget,budgeted,planirano,budzet,planirani iznos,planned amount,budget amount",
        ),
        Field(
            "spent",
            gettext_lazy("spent amount"),
            "money",
            words="actual,spending,expenditure,utroseno,potroseno,realizovano,utroseni iznos,spent amount",
        ),
        Field("currency", gettext_lazy("currency of the amounts"), "currency", words="valuta"),
        Field(
            "day",
            gettext_lazy("day of spending"),
            "day",
            words="date,paid on,payment date,invoice date,datum,datum placanja,datum racuna",
        ),
        Field("module", gettext_lazy("number of the module it was for"), "whole number", words="modul"),
        Field(
            "eligible",
            gettext_lazy("does the funder pay it; yes where nothing is said"),
            "yes or no",
            words="is eligible,eligible cost,prihvatljivo,prihvatljiv trosak",
        ),
        Field("note", gettext_lazy("note"), words="remark,comment,napomena,komentar"),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.locks = Locks(target.programme)
        self.fundings, self.numbered = Fundings(target.programme), Numbered()
        rows = Module.objects.filter(programme=target.programme)
        self.modules = {module.number: module for module in rows}

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if guessed.keys() & {"amount", "planned", "spent"} else 3

    @classmethod
    def completed(cls, mapping, counted, target):
        return with_currency(mapping, ("amount", "planned", "spent"))

    @classmethod
    def check(cls, origins, target):
        names = {origin.field.name for origin in origins}
        if not names & {"amount", "planned", "spent"}:
            raise Refused(_("Say which column is the amount, or which are the planned and the spent one."))
        if "amount" in names and "kind" not in names:
            raise Refused(_("Say which column says whether an amount is planned or spent."))

    def key(self, row):
        return self.numbered.key(row)

    def write_batch(self, entries):
        rows = Cost.objects.filter(
            funding__in=self.fundings.rows.values(),
            source=self.target.source,
            source_id__in=[entry.key for entry in entries],
        )
        there = {(r.funding_id, r.source_id, r.kind, r.currency): r for r in rows.select_related("module")}
        shelf = Shelf(Cost, self.trail, there, by=itemgetter(1))
        found = []
        for entry in entries:
            try:
                found.append(self._put(shelf, entry))
            except (Refused, ValidationError) as error:
                found.append(in_words(error))
        shelf.keep()
        return found

    def _put(self, shelf: Shelf, entry) -> str:
        row, funding = entry.row, self.fundings.find(entry.row.get("funding"))
        same = only(row, "day", "note") | {"name": row["line"], "module": self._module(row)}
        if row.get("eligible") is not None:
            same["is_eligible"] = row["eligible"]
        wanted = {
            (funding.pk, entry.key, kind, said["currency"]): same | said for kind, said in self._amounts(row)
        }
        for said in wanted.values():
            clean(Cost, said, NAMES)
        told = {key[:3] for key in wanted}
        gone = [key for key in shelf.told[entry.key] if key[:3] in told and key not in wanted]
        became = {key: shelf.would(key, said) for key, said in wanted.items()}
        if gone or set(became.values()) != {UNCHANGED}:
            days = {shelf.rows[key].day for key in (*gone, *became) if key in shelf.rows}
            self.locks.insist_open(row.get("day"), *days)
        shelf.drop(gone)
        for key, said in wanted.items():
            new = {"programme": self.target.programme, "by": self.target.by, "at": self.target.now}
            new |= {"funding": funding, "kind": key[2], "source": self.target.source, "source_id": key[1]}
            shelf.put(key, said, **new)
        if gone or UPDATED in became.values() or len(set(became.values())) > 1:
            return UPDATED
        return CREATED if CREATED in became.values() else UNCHANGED

    def _module(self, row) -> Module | None:
        number = row.get("module")
        if number is not None and number not in self.modules:
            raise Refused(_("The programme has no module of this number."), "module", number)
        return self.modules.get(number)

    def _amounts(self, row) -> list[tuple[str, dict]]:
        """Each amount with its kind; one that cannot be read is kept as it was written."""
        found = []
        for name in ("amount", "planned", "spent"):
            said = row.get(name)
            if said is None:
                continue
            kind = AMOUNTS.get(name) or row.get("kind")
            if kind is None:
                raise Refused(_("Say whether it is planned or spent."), "kind")
            found += [(kind, one) for one in _read(said, row.get("currency") or "", name, self.noticed)]
        if not found:
            raise Refused(_("Say how much."), "amount" if "amount" in row else "planned")
        return found


def _read(said, default: str, name: str, noticed: list[str]) -> list[dict]:
    try:
        read = amounts(said, default)
    except ValueError as error:
        raise Refused(str(error), name, said) from None
    written = str(said)[:500]
    if read is None:
        noticed.append(_("“%(said)s” is kept as it is written: it counts for nothing.") % {"said": written})
        return [{"amount": None, "currency": "", "as_written": written}]
    return [{"amount": amount, "currency": code, "as_written": written} for amount, code in read]
