"""Results: agreements, contracts, registrations, jobs and what else happened and can be shown."""

from collections.abc import Iterable
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, in_words, only
from desk.loading.locked import Locks
from desk.loading.numbered import Numbered
from desk.loading.shelf import Shelf, clean
from lib import clock, countries
from lib.folding import fold
from outcomes.models import Party, Result
from people.models import Organisation

PLAIN = ("kind", "title", "title_sr", "day", "number", "place", "attribution", "note")


class Results(BulkKind):
    """A result that was taken back here stays taken back."""

    name = "results"
    words = "results result agreements contracts rezultati rezultat sporazumi ugovori"
    fields = (
        Field(
            "id", gettext_lazy("its id in the source of the file"), words="result id,sifra,sifra rezultata"
        ),
        Field(
            "kind",
            gettext_lazy("agreement, contract, registration, job, declaration, …"),
            required=True,
            words="type,result kind,type of result,vrsta,vrsta rezultata,tip",
            choices=Result.Kind,
            also="memorandum=agreement,mou=agreement,sporazum=agreement,ugovor=contract,"
            "registracija=registration,posao=job,radno_mesto=job,deklaracija=declaration,predlog=proposal,"
            "poseta=visit,mreza=network,platforma=network,ostalo=other,drugo=other",
        ),
        Field(
            "title",
            gettext_lazy("what it is"),
            required=True,
            words="name,result,rezultat,naziv,naslov;description,opis",
        ),
        Field("title_sr", gettext_lazy("what it is, in Serbian"), words="title in serbian,naziv na srpskom"),
        Field("day", gettext_lazy("day"), "day", words="date,signed on,datum,datum potpisivanja,dan"),
        Field(
            "number",
            gettext_lazy("how many; of jobs: full-time equivalents"),
            "figure",
            words="how many,count,broj,koliko",
        ),
        Field("place", gettext_lazy("place"), words="city,town,mesto,grad,lokacija,where"),
        Field(
            "countries",
            gettext_lazy("countries in two letters, joined by ;"),
            words="country,country codes,zemlje,drzave,zemlja,drzava",
            is_list=True,
        ),
        Field(
            "parties",
            gettext_lazy("who had a part in it, joined by ;"),
            words="party,partners,partner,parties involved,strane,ucesnici,potpisnici,izmedju koga",
            is_list=True,
        ),
        Field(
            "attribution",
            gettext_lazy("how far it is the programme's doing: caused, contributed or after"),
            words="contribution,doprinos,doprinos programa",
            choices=Result.Attribution,
            also="uzrok=caused,doprinos=contributed,posle=after",
        ),
        Field("note", gettext_lazy("note"), words="remark,comment,napomena,komentar"),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.locks = Locks(target.programme)
        self.numbered = Numbered()
        self.today = clock.local(target.now, target.programme.zone).date()
        self.organisations: dict[str, Organisation | None] = {}

    def key(self, row):
        return self.numbered.key(row)

    def look_up(self, rows):
        """The organisations of the address book that are meant: one name, one organisation, or none."""
        self.organisations = {}
        for one in Organisation.objects.filter(tenant=self.target.tenant).order_by("pk"):
            for name in {fold(one.name), fold(one.name_sr)} - {""}:
                self.organisations[name] = None if name in self.organisations else one

    def write_batch(self, entries):
        keys = [entry.key for entry in entries]
        rows = Result.objects.filter(
            programme=self.target.programme, source=self.target.source, source_id__in=keys
        )
        results = Shelf(Result, self.trail, {row.source_id: row for row in rows})
        rows = Party.objects.filter(result__in=[row.pk for row in results.rows.values()])
        rows = rows.select_related("result", "organisation")
        there = {(row.result.source_id, fold(row.name) or row.organisation_id): row for row in rows}
        parties = Shelf(Party, self.trail, there, by=itemgetter(0))
        found = []
        for entry in entries:
            try:
                found.append(self._put(results, parties, entry))
            except (Refused, ValidationError) as error:
                found.append(in_words(error))
        results.keep()
        parties.keep()
        return found

    def _put(self, results: Shelf, parties: Shelf, entry) -> str:
        row, key = entry.row, entry.key
        said = only(row, *PLAIN)
        clean(Result, said)
        if row.get("countries"):
            said["countries"] = _codes(row["countries"])
        if said.get("day") and said["day"] > self.today:
            raise Refused(_("This day has not come yet."), "day", said["day"])
        wanted = {(key, one): said_ for one, said_ in self._parties(row.get("parties") or ())}
        gone = [one for one in parties.told[key] if one not in wanted] if wanted else []
        became = results.would(key, said)
        if became == UNCHANGED and not gone and wanted.keys() <= parties.rows.keys():
            return UNCHANGED
        before = results.rows.get(key)
        self.locks.insist_open(row.get("day"), before.day if before else None)
        new = {"programme": self.target.programme, "source": self.target.source, "source_id": key}
        results.put(key, said, **new, by=self.target.by, at=self.target.now)
        for one, party in wanted.items():
            parties.put(one, {}, result=results.rows[key], **party)
        parties.drop(gone)
        return CREATED if became == CREATED else UPDATED

    def _parties(self, names: Iterable[str]):
        for name in names:
            if known := self.organisations.get(fold(name)):
                yield known.pk, {"organisation": known}
            else:
                if len(name) > Party._meta.get_field("name").max_length:
                    raise Refused(_("A name has at most %(n)s signs.") % {"n": 200}, "parties", name)
                yield fold(name), {"name": name}


def _codes(said: Iterable[str]) -> list[str]:
    """Each once, in the order in which they stand there. A name in our languages is as good as its code."""
    found = []
    for one in said:
        code = countries.code_of(one)
        if code is None:
            words = _("“%(code)s” is no country: write the two letters of ISO 3166-1, as RS.")
            raise Refused(words % {"code": one}, "countries", one)
        found.append(code)
    return list(dict.fromkeys(found))
