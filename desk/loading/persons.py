"""Persons of the address book."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.audit import audit
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from lib.folding import fold
from people.models import Person

PLAIN = ("name", "sex", "born", "municipality", "region", "country", "email", "phone", "language", "zone")


class Persons(Kind):
    name = "persons"
    fields = (
        Field(
            "id",
            lazy("her id in the source of the file; kept, and found by in every later file"),
            words="person id,sifra,sifra osobe",
        ),
        Field(
            "name",
            lazy("full name, as she writes it; unknown where only ids are given"),
            words="full name,name and surname,ime,ime i prezime,prezime i ime,participant",
        ),
        Field("sex", lazy("as she says it"), words="gender,pol,rod", choices=Person.Sex),
        Field(
            "born",
            lazy("year of birth"),
            "whole number",
            words="year of birth,birth year,godina rodjenja,godiste",
        ),
        Field("municipality", lazy("where she lives or works"), words="city,town,opstina,mesto,grad"),
        Field("region", lazy("region"), words="oblast,okrug"),
        Field("country", lazy("country"), words="drzava,zemlja"),
        Field("email", lazy("e-mail address"), "e-mail", words="e mail,mail,e posta,eposta,email address"),
        Field("phone", lazy("telephone"), words="mobile,telephone,telefon,mobilni"),
        Field("language", lazy("language of her letters: en, sr-latn or sr"), "language", words="jezik"),
        Field(
            "zone",
            lazy("time zone, like Europe/Belgrade"),
            "time zone",
            words="time zone,timezone,vremenska zona",
        ),
    )

    def key(self, row):
        return row["id"] if row.get("id") else self._likeness(row)

    def repeats_are_one(self, row):
        return bool(row.get("id"))  # without an id, two of one name may be two

    def write(self, row):
        if not row.get("id") and not row.get("name"):
            raise Refused(_("A person needs an id or a name."), "name")
        known = self._known(row)
        person = known or Person(tenant=self.target.tenant)
        if known is None and row.get("id"):
            person.source, person.source_id = self.target.source, row["id"]
        changed = apply(person, only(row, *PLAIN))
        if known and not changed:
            return UNCHANGED
        person.full_clean(exclude=["tenant", "user"], validate_unique=False, validate_constraints=False)
        person.save()
        audit(self.target.by, "edit" if known else "create", person, changed, tenant=self.target.tenant)
        if known is None:
            self.target.people.add(person)
        return UPDATED if known else CREATED

    def _known(self, row):
        people = self.target.people
        if row.get("id"):
            return people.by_id.get(row["id"])
        alike = people.by_name.get(fold(row["name"]), [])
        wanted = self._likeness(row)
        found = [p for p in alike if not p.source_id and (p.name_key, p.email.lower(), p.born) == wanted]
        return found[0] if found else None

    def _likeness(self, row):
        return fold(row.get("name") or ""), row.get("email") or "", row.get("born")
