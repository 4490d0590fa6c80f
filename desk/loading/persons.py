"""Persons of the address book."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, check
from lib import bulk
from lib.folding import fold
from people.models import Person

NAMES = "full name,name and surname,first and last name,first name and last name,ime i prezime,puno ime"
MAIL = (
    "email,mail,email address,mail address,eposta,email adresa,mail adresa,"
    "imejl,imejl adresa,mejl,mejl adresa"
)
PLAIN = ("name", "sex", "born", "municipality", "region", "country", "email", "phone", "language", "zone")


class Persons(BulkKind):
    name = "persons"
    words = "persons people contacts addressbook registrations osobe ljudi kontakti adresar imenik prijave"
    is_hers = True
    fields = (
        Field(
            "id",
            gettext_lazy("her id in the source of the file; kept, and found by in every later file"),
            words="person id,sifra,sifra osobe,maticni broj u evidenciji",
        ),
        Field(
            "name",
            gettext_lazy("full name, as she writes it; unknown where only ids are given"),
            words="full name,name and surname,first and last name,first name and last name,ime i prezime,"
            "ime prezime,puno ime,submitter,participant,polaznica,polaznik,ucesnica,ucesnik,preduzetnica;ime",
            look="name",
        ),
        Field(
            "sex",
            gettext_lazy("as she says it"),
            words="gender,pol,rod",
            choices=Person.Sex,
            look="sex",
            also="z=female,f=female,w=female,zensko=female,zenski=female,zena=female,woman=female,"
            "m=male,musko=male,muski=male,muskarac=male,man=male",
        ),
        Field(
            "born",
            gettext_lazy("year of birth; of a date of birth the year is kept"),
            "year",
            words="year of birth,date of birth,birth,birthday,godina rodjenja,datum rodjenja,rodjena,rodjen,"
            "godiste",
            look="year of birth",
        ),
        Field(
            "municipality",
            gettext_lazy("where she lives or works"),
            words="city,town,place,place of residence,opstina,mesto,grad,opstina grad,prebivaliste,"
            "mesto prebivalista,opstina prebivalista,grad prebivalista,mesto stanovanja,boraviste",
        ),
        Field("region", gettext_lazy("region"), words="oblast,okrug"),
        Field("country", gettext_lazy("country"), words="drzava,zemlja"),
        Field("email", gettext_lazy("e-mail address"), "e-mail", words=MAIL, look="e-mail"),
        Field(
            "phone",
            gettext_lazy("telephone"),
            words="mobile,telephone,mobile phone,cell phone,phone number,telephone number,mobile number,"
            "cell,tel,mob,telefon,broj telefona,mobilni,mobilni telefon,broj mobilnog,broj mobilnog telefona",
            look="phone",
        ),
        Field(
            "language",
            gettext_lazy("language of her letters: en, sr-latn or sr"),
            "language",
            words="jezik,preferred language,jezik pisama",
        ),
        Field(
            "zone",
            gettext_lazy("time zone, like Europe/Belgrade"),
            "time zone",
            words="time zone,timezone,vremenska zona",
        ),
    )

    def key(self, row):
        return row["id"] if row.get("id") else _likeness(row)

    def repeats_are_one(self, row):
        return bool(row.get("id"))  # without an id, two of one name may be two

    def write_batch(self, entries):
        known, check = self._known(entries), _Check(entries[0].row)
        found, fresh, changes = [], [], {}
        for entry in entries:
            row = entry.row
            try:
                check(row)
            except Refused as refused:
                found.append(refused)
                continue
            person = known.get(entry.key)
            if person is None:
                fresh.append(row)
                found.append(CREATED)
            elif changed := _changed(person, row):
                changes[person["id"]] = changed
                found.append(UPDATED)
            else:
                found.append(UNCHANGED)
        self._make(fresh)
        self._change(changes)
        return found

    def _known(self, entries):
        """By key: the persons that these rows speak of, as dicts. In two queries at the most."""
        ids = [entry.key for entry in entries if entry.row.get("id")]
        names = {entry.key[0] for entry in entries if not entry.row.get("id")} - {""}
        here = Person.objects.filter(tenant=self.target.tenant)
        mapped = ["id", "joined_to", *(name for name in PLAIN if name in entries[0].row)]
        known = {}
        if ids:
            rows = here.filter(bulk.among(Person, "source_id", ids), source=self.target.source)
            known = {row["source_id"]: _kept(row) for row in rows.order_by().values("source_id", *mapped)}
        if names:
            rows = here.filter(bulk.among(Person, "name_key", names), source_id="").order_by(
                "-pk"
            )  # of equals the oldest
            for row in rows.values(*{*mapped, "name_key", "email", "born"}):
                known[row["name_key"], row["email"].lower(), row["born"]] = _kept(row)
        return known

    def _make(self, rows):
        if not rows:
            return
        names = [name for name in PLAIN if name in rows[0]]
        blanks = [Person._meta.get_field(name).get_default() for name in names]
        source, made = self.target.source, []
        for row in rows:
            said = [row[name] for name in names]
            if None in said:
                said = [blank if v is None else v for v, blank in zip(said, blanks, strict=True)]
            name, pk = row.get("name"), row.get("id") or ""
            made.append((source if pk else "", pk, fold(name)[:200] if name else "", *said))
        names = ["source", "source_id", "name_key", *names]
        same = {"tenant_id": self.target.tenant.pk, "created_at": self.target.now}
        ids = bulk.insert(Person, names, made, **same)
        self.trail.made(Person, ids)

    def _change(self, changes):
        """Rows that change the same fields are written together."""
        groups = {}
        for pk, changed in changes.items():
            groups.setdefault(tuple(changed), []).append(
                (pk, *(after for _before, after in changed.values()))
            )
        for names, rows in groups.items():
            bulk.update(Person, names, rows)
        self.trail.changed(Person, changes)


def _likeness(row):
    return fold(row.get("name") or "")[:200], row.get("email") or "", row.get("born")


def _kept(row):
    """Who was joined to somebody is that one; what a file says under her other name changes nothing."""
    return {"id": row["joined_to"]} if row["joined_to"] else row


def _changed(person, row):
    changed = {}
    for name, before in person.items():
        value = row.get(name)
        if value is not None and value != before and name not in ("id", "source_id", "joined_to"):
            changed[name] = [before, value]
    if "name" in changed:
        before, after = changed["name"]
        if (key := fold(after)[:200]) != fold(before)[:200]:
            changed["name_key"] = [fold(before)[:200], key]
    return changed


class _Check:
    """What the model allows, told quickly; only a row that seems wrong is asked in earnest, for the words."""

    def __init__(self, row):
        longest = {name: Person._meta.get_field(name).max_length for name in PLAIN if name in row}
        longest = {name: most for name, most in longest.items() if most}
        if "id" in row:
            longest["id"] = Person._meta.get_field("source_id").max_length
        self.longest = tuple(longest.items())

    def __call__(self, row):
        if not row.get("id") and not row.get("name"):
            raise Refused(_("A person needs an id or a name."), "name")
        born = row.get("born")
        if born is None or 1900 <= born <= 2100:
            for name, most in self.longest:
                if (value := row[name]) is not None and len(value) > most:
                    break
            else:
                return
        said = {name: row.get(name) for name in PLAIN} | {"source_id": row.get("id")}
        check(Person, said, {"source_id": "id"})
