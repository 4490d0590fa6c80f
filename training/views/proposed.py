"""The proposed sessions on their way between page and person: as forms, with what is said of each."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils import formats

from accounts.models import User
from lib.folding import fold
from people.models import Person, Programme
from training.forms.planning import LineForm, Lines, Parts, Rooms
from training.forms.sessions import trainers_of
from training.models import Venue
from training.planning.proposing import Line, Proposal
from training.services.previews import Seen, examine, session_of


class Proposed:
    """Modules and lines, from a proposal or as they were sent back."""

    def __init__(self, parts, lines, rooms, skipped: list[str], errors: Iterable[str] = ()):
        self.parts, self.lines, self.skipped, self.errors = parts, lines, skipped, list(errors)
        self.rooms, self.new = rooms  # forms of venues that will be added, and the venues
        self.seen: list[Seen | None] = [None] * len(lines.forms)

    @classmethod
    def of(cls, proposal: Proposal, user: User, before: "Proposed | None" = None) -> "Proposed":
        """`before`: as it was sent, where the proposal comes from a page."""
        new = before.new if before else _new(proposal)
        venues = venues_of(user, new)
        said = [{"name": one.name, "address": one.address, "is_shared": one.is_shared} for one in new]
        parts = Parts(
            prefix="parts",
            initial=[
                {"number": part.number, "name": part.name, "name_sr": part.name_sr} for part in proposal.parts
            ],
        )
        initial = [_said(line, venues) for line in proposal.lines]
        lines = Lines(prefix="lines", initial=initial, form_kwargs={"venues": venues})
        skipped = [f"{formats.date_format(one.day)}: {one.why}" for one in proposal.skipped]
        rooms = Rooms(prefix="venues", initial=said), new
        left_out, errors = (before.skipped, before.errors) if before else (skipped, ())
        made = cls(parts, lines, rooms, left_out, errors)
        made._proposal = proposal
        return made

    @classmethod
    def sent(cls, post: QueryDict, user: User) -> "Proposed":
        rooms = Rooms(post, prefix="venues")
        named = [form.cleaned_data for form in rooms.forms if form.is_valid() and form.cleaned_data]
        new = [Venue(tenant=user.tenant, **said) for said in named]
        lines = Lines(post, prefix="lines", form_kwargs={"venues": venues_of(user, new)})
        made = cls(Parts(post, prefix="parts"), lines, (rooms, new), _words(post.get("skipped", "")))
        made._proposal, made._post = None, post
        return made

    def is_valid(self) -> bool:
        return all([self.parts.is_valid(), self.lines.is_valid(), self.rooms.is_valid()])

    def proposal(self) -> Proposal:
        """What is proposed now: the lines that are left, in their modules."""
        if self._proposal is None:
            lines = [form.line() for form in self.lines.forms if not form.cleaned_data["remove"]]
            venues = {line.part: line.venue for line in reversed(lines)}
            parts = [form.part(venues.get(form.cleaned_data["number"])) for form in self.parts.forms]
            self._proposal = Proposal(
                parts, sorted(lines, key=lambda line: (line.part or 0, line.day, line.start))
            )
        return self._proposal

    def trainers(self, programme: Programme) -> list[Person]:
        keys = [key for key in self._post.getlist("trainers") if key.isdecimal()]
        return list(trainers_of(programme).filter(pk__in=keys))

    def look(self, programme: Programme, trainers: Iterable[Person], by: User) -> None:
        """Note at each line what would refuse it and what it clashes with, if the lines can be read."""
        if self._proposal is not None:
            sessions = [session_of(programme, line) for line in self._proposal.lines]
            self.seen = examine(sessions, reader=by, trainers=trainers)

    @property
    def groups(self) -> list[tuple[Any, list[tuple[LineForm, Seen | None]]]]:
        """By module, those without one last."""
        rows = list(zip(self.lines.forms, self.seen, strict=True))
        found = []
        for part in [*self.parts.forms, None]:
            number = str(part["number"].value()) if part else ""
            mine = [row for row in rows if str(row[0]["part"].value() or "") == number]
            if mine or part:
                found.append((part, mine))
        return found

    @property
    def count(self) -> int:
        return len(self.lines.forms)

    @property
    def clashing(self) -> int:
        return len([one for one in self.seen if one and (one.is_refused or one.clashes)])

    @property
    def asks_confirmation(self) -> bool:
        return any(one and one.rosters for one in self.seen)

    @property
    def skipped_as_text(self) -> str:
        return json.dumps(self.skipped)


def venues_of(user: User, new: Iterable[Venue]) -> Mapping[str, Venue]:
    """By what a line says of its venue: the key of a known one, `new-0` for the first that is added."""
    known = Venue.objects.visible_to(user).filter(tenant=user.tenant_id)
    return {str(row.pk): row for row in known} | {f"new-{n}": row for n, row in enumerate(new)}


def _new(proposal: Proposal) -> list[Venue]:
    """Venues that are only named yet, each once."""
    named = [line.venue for line in proposal.lines if line.venue and not line.venue.pk]
    return list({fold(venue.name): venue for venue in named}.values())


def _said(line: Line, venues: Mapping[str, Venue]) -> dict[str, Any]:
    key = next((key for key, venue in venues.items() if venue == line.venue), "")
    return {name: getattr(line, name) for name in Line.__dataclass_fields__} | {"venue": key}


def _words(text: str) -> list[str]:
    """The days that were left out, as the page sent them along; whatever else was sent is none."""
    try:
        said = json.loads(text)
    except ValueError:
        return []
    return [str(one)[:200] for one in said[:200]] if isinstance(said, list) else []
