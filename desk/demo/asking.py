"""What was asked of the women of both editions, and what they said: answers.csv, invented by us."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from accounts.models import User
from desk.demo.rows import at
from outcomes import services as outcomes
from outcomes.asking.said import read
from outcomes.library.questionnaires import QUESTIONNAIRES
from outcomes.library.questions import bring_all
from outcomes.models import Answer, Contact, Edition, Invitation, Wave, Wording
from people.models import Programme
from training.models import Enrolment

State, Mode = Invitation.State, Invitation.Mode
MANY = ("practices", "new_links", "finance_source")
UNREAD = "?"  # before what stands in the form and is no answer


class Asking:
    """The questionnaires of one programme, the waves in which they are asked, and the answers."""

    def __init__(self, by: User, programme: Programme, now: datetime):
        self.by, self.programme, self.now = by, programme, now
        codes = {line.code for sheet in QUESTIONNAIRES.values() for line in sheet.lines()}
        self.wordings: dict[str, Wording] = bring_all(programme.tenant, sorted(codes), by=by)
        self.editions: dict[str, Edition] = {}

    def edition(self, key: str) -> Edition:
        """A questionnaire of the library, published."""
        if key not in self.editions:
            made = outcomes.bring_questionnaire(by=self.by, programme=self.programme, key=key)
            draft = made.editions.get()
            self.editions[key] = outcomes.publish_edition(by=self.by, edition=draft, now=self.now)
        return self.editions[key]

    def wave(self, key: str, kind: str, opens: date, closes: date, **more) -> Wave:
        said = {"edition": self.edition(key), "kind": kind, "opens": opens, "closes": closes, **more}
        return outcomes.save_wave(by=self.by, programme=self.programme, **said)

    def invite(self, wave: Wave, enrolments: Iterable[Enrolment]) -> list[Invitation]:
        asked = at(wave.opens, "08:00")
        rows = [Invitation(wave=wave, enrolment=enrolment, state_at=asked) for enrolment in enrolments]
        return Invitation.objects.bulk_create(rows)

    def answers(self, wave: Wave, enrolments: Mapping[str, Enrolment], lines: Iterable[dict]) -> None:
        """The lines of answers.csv that belong to this wave: an invitation each, and what was said."""
        lines = list(lines)
        rows = [self._invitation(wave, enrolments[line["key"]], line) for line in lines]
        Invitation.objects.bulk_create(rows)
        Answer.objects.bulk_create(
            answer for row, line in zip(rows, lines, strict=True) for answer in self._said(row, line)
        )

    def _invitation(self, wave: Wave, enrolment: Enrolment, line: dict) -> Invitation:
        row = Invitation(wave=wave, enrolment=enrolment, state=line["state"], mode=line["mode"])
        row.state_at = at(date.fromisoformat(line["day"]) if line["day"] else wave.opens, "18:20")
        row.is_late = line["late"] == "yes"
        if row.state in Invitation.DONE:
            row.begun_at = row.state_at - timedelta(minutes=11)
        if row.state == State.ANSWERED:
            row.answered_at = row.state_at
        if row.mode != Mode.LINK:
            row.state_by = self.by
        return row

    def _said(self, row: Invitation, line: dict) -> Iterable[Answer]:
        for code, wording in self.wordings.items():
            if not (said := line.get(code, "")):
                continue
            base = {"invitation": row, "question": wording.question, "wording": wording, "at": row.state_at}
            if said.startswith(UNREAD):
                yield Answer(text=said.removeprefix(UNREAD), is_unread=True, by=row.state_by, **base)
                continue
            for choice, value in read(wording, said.split(";") if code in MANY else said).items():
                yield Answer(choice=choice, by=row.state_by, **value._asdict(), **base)

    def tried(self, wave: Wave, enrolment: Enrolment, tries: Iterable[tuple]) -> None:
        """Attempts to reach somebody: day, time, way, outcome, note."""
        row = Invitation.objects.get(wave=wave, enrolment=enrolment)
        Contact.objects.bulk_create(
            Contact(invitation=row, by=self.by, at=at(day, hour), way=way, outcome=outcome, note=note)
            for day, hour, way, outcome, note in tries
        )
