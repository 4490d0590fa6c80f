"""Whom somebody works for, as a file says it: an organisation, and her role there in brackets."""

import re

from django.utils.translation import gettext as _

from accounts.audit import audit
from lib import bulk
from lib.folding import fold
from people.models import Affiliation, Organisation

SAID = re.compile(r"(.+?)(?:\s*\(([^()]+)\))?")


class Works:
    """The organisations that some rows speak of, and who works for them: read at once."""

    def __init__(self, target, trail, people, entries):
        self.target, self.trail = target, trail
        said = {words for entry in entries for words in entry.row.get("organisations") or ()}
        keys = {fold(self.parted(words)[0])[:200] for words in said}
        wanted = bulk.among(Organisation, "name_key", keys)
        rows = Organisation.objects.filter(wanted, tenant=target.tenant).order_by("-pk") if keys else ()
        self.known = {row.name_key: row for row in rows}
        held = Affiliation.objects.filter(person__in=people, end=None) if said else ()
        self.held = {(row.person_id, row.organisation_id) for row in held}

    @staticmethod
    def parted(words: str) -> tuple[str, str]:
        name, role = SAID.fullmatch(words.strip()).groups()
        return name, (role or "").strip()

    def add(self, person, words: str) -> bool:
        """True when it was not known before."""
        name, role = self.parted(words)
        key = fold(name)[:200]
        if key not in self.known:
            self.known[key] = self._made(Organisation(tenant=self.target.tenant, name=name))
        organisation = self.known[key]
        if (person.pk, organisation.pk) in self.held:
            return False
        role = role or _("associate")
        self._made(Affiliation(person=person, organisation=organisation, role=role))
        self.held.add((person.pk, organisation.pk))
        return True

    def _made(self, row):
        row.full_clean(exclude=["tenant", "person", "organisation"])
        row.save()
        audit(self.target.by, "create", row, tenant=self.target.tenant)
        self.trail.made(type(row), [row.pk])
        return row
