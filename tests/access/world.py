"""Two tenants and three programmes, with one of everything that an address can name, seen from each role.

`World.target(kwarg, role, relation)` is the value for one part of an address: hers (`own`), of her programme
but not hers (`same`), of another programme of her tenant (`other`), of another tenant (`tenant`), `gone`.
Every name carries a canary of where it belongs, so that any answer can be searched for what it must not hold.
"""

import io
import mailbox
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace as Place
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts import files
from accounts.audit import audit
from accounts.models import AuditEntry, StoredFile, Token, User
from desk import postbox
from desk.importing import services as imports
from ideas.views.feedback import token_of
from jobs.models import Job
from jobs.services import run
from lib import mail
from mentoring.meetings import links
from mentoring.profiles import applying as mentors
from outcomes import links as answers
from outcomes import services as outcomes
from outcomes.models import Issue
from people.models import Beneficiary, Membership, Ownership, Programme
from reminders import reading
from reminders import services as reminders
from reminders.calendar import addresses
from reminders.models import Gateway, Preference, QuietHours, Sweep
from tests import factories as make
from tests.factories import today_there
from tests.training.pictures import drawn
from training.certificates import content, holder
from training.eligibility import applying
from training.register import codes

RELATIONS = ("own", "same", "other", "tenant", "gone")
ROLES = ("administrator", "coordinator", "trainer", "mentor", "partner", "funder", "entrepreneur", "nobody")
GONE = 9_000_000
PICTURE = drawn()


class World:
    """Built once for a whole matrix; every request of it is rolled back."""

    def __init__(self, now: datetime | None = None):
        self.now = now or timezone.now()
        self.tenant, self.stranger = (
            make.make_tenant(name="Naša", is_demo=True),
            make.make_tenant(name="KANARINAC-tenant"),
        )
        self.same = self._programme(self.tenant, "p-same", "Isti")
        self.other = self._programme(self.tenant, "p-other", "KANARINAC-other")
        self.foreign = self._programme(self.stranger, "p-tenant", "KANARINAC-tenant")
        self.letter = self._letter()
        Sweep.objects.create(name=Sweep.REMINDERS, at=self.now + timedelta(days=1))  # at work all the while
        self.users = {role: self._user(role) for role in ROLES}
        self.own = {role: self._own(role, user) for role, user in self.users.items()}

    def _programme(self, tenant, code: str, word: str) -> Place:
        """A programme with one of everything, all named `word`."""
        today = today_there(self.now)
        programme = make.make_programme(
            tenant,
            code=code,
            name=f"{word} program",
            start=today - timedelta(days=30),
            end=today + timedelta(days=30),
            applies_from=today - timedelta(days=40),
        )
        place = Place(programme=programme, word=word)
        place.funding = make.make_funding(programme)
        place.project = programme.project
        place.funding.logo = self._file(tenant, "logo", word)
        place.funding.save()
        place.module = make.make_module(programme, name=f"{word} modul")
        place.plan = programme
        place.session = self._session(place)
        place.enrolment = make.make_enrolment(
            programme, person=make.make_person(tenant, name=f"{word} Ana", born=1990)
        )
        place.entry = make.make_entry(place.session, place.enrolment)
        place.roster, place.attendance = place.entry, make.make_attendance(place.entry)
        place.mark = place.attendance.mark
        place.note = place.session.log.create(operation=uuid4(), text=f"{word} beleška")
        place.mentor = make.make_mentor(programme, person=make.make_person(tenant, name=f"{word} mentor"))
        place.person = place.enrolment.person
        place.offer = place.mentor.offers.get()
        invited = make.make_person(tenant, name=f"{word} pozvana")
        place.invited = make.make_mentor(programme, person=invited, state="invited").offers.get()
        place.need = make.make_need(place.enrolment)
        place.preference = make.make_preference(place.mentor, place.enrolment)
        place.candidate = make.make_candidate(
            programme, name=f"{word} kandidatkinja", created_at=self.now, confirmed_at=self.now
        )
        place.run = make.make_run(programme)  # before she has a mentor
        place.proposal = place.run.proposals.get()
        place.assignment = make.make_assignment(place.mentor, place.enrolment)
        place.goal = make.make_goal(place.assignment, text=f"{word} cilj")
        place.meeting = make.make_meeting(place.assignment, topic=f"{word} tema", day=today)
        place.pair_note = make.make_note(place.assignment, text=f"{word} o paru")
        ahead = {"day": today + timedelta(days=3), "booked_by": place.enrolment, "about": f"{word} termin"}
        place.slot = make.make_slot(place.mentor, programme, **ahead)
        place.introduction = make.make_introduction(place.assignment, name=f"{word} kupac", day=today)
        place.idea = make.make_idea(programme, title=f"{word} ideja", enrolments=[place.enrolment])
        place.nomination, place.aim = place.idea.nominations.get(), make.make_aim(programme)
        place.mentored = place.idea.mentored.create(assignment=place.assignment)
        place.asked = place.idea.asked_for.create(need=place.need)
        place.idea_file = self._attached(place.idea, word)
        place.join = make.make_join(make.make_idea(programme, title=f"{word} ista ideja"), place.idea)
        place.compared = make.make_compared(place.idea, make.make_idea(programme, title=f"{word} druga"))
        place.round = make.make_round(
            programme, opens_at=self.now - timedelta(days=5), closes_at=self.now + timedelta(days=5)
        )
        place.seat = make.make_seat(place.round, place.mentor.person)
        place.criterion = place.round.criteria.first()
        place.assigning = make.make_assigning_run(place.round)
        place.task = make.make_task(place.seat, make.make_idea(programme, title=f"{word} druga ideja"))
        decided = make.make_seat(make.make_round(programme), place.mentor.person)
        judged = make.make_task(decided, make.make_idea(programme, title=f"{word} odlučena ideja"))
        place.comment = make.make_review(judged, comment=f"{word} komentar").task
        place.selection = make.make_selection(decided.round)
        place.decision = place.selection.decisions.get()
        place.report = make.make_report(place.funding, name=f"{word} izveštaj")
        place.issue = self._issue(place.report, word)
        place.step = place.issue.steps.create(kind="comment", text=f"{word} primedba")
        self._outcomes(place, word)
        place.declaration = make.make_declared(place.mentor.person, place.person)
        place.hint = make.make_hint(programme, place.mentor.person, place.person)
        place.rule = make.make_rule(programme)
        place.rule_text = place.rule.texts.create(language="en", subject=f"{word} naslov", text="…")
        place.quiet_hours = QuietHours.objects.create(programme=programme)
        place.feed = reminders.feed_of(person=place.person, now=self.now)
        place.choice = self._choices(place.person)[0]
        said = {"url": "https://sms.example/", "words": f"{word} gateway"}  # one of each organisation
        place.gateway = Gateway.objects.get_or_create(tenant=tenant, defaults=said)[0]
        place.reminder = self._reminder(place.rule, place.enrolment.person, place.session)
        place.beneficiary = self._beneficiary(programme, word)
        place.job = self._job(programme, None, word)
        place.token = self._token(make.make_user(tenant), word)
        place.import_ = self._import(programme, word)
        place.headcount = programme.headcounts.create(
            number=150, of_what=f"{word} gosti", file=self._file(tenant, "evidence", word)
        )
        self._address_book(place)
        return place

    def _file(self, tenant, purpose: str, word: str):
        picture = io.BytesIO()
        Image.new("RGB", (8, 4), "white").save(picture, "PNG")
        content = ContentFile(picture.getvalue())
        return files.keep(by=None, tenant=tenant, purpose=purpose, name=f"{word}.png", content=content)

    def _attached(self, idea, word: str):
        file = self._file(idea.programme.tenant, "idea", word)
        return idea.files.create(file=file, name=file.name)

    def _outcomes(self, place: Place, word: str) -> None:
        """What came of it and what it cost, one of each."""
        place.result = place.programme.results.create(kind="agreement", title=f"{word} sporazum")
        file = self._file(place.programme.tenant, "evidence", word)
        place.evidence = place.result.evidence.create(file=file, caption=f"{word} potpis")
        money = {"kind": "spent", "amount": 100, "currency": "EUR"}
        place.cost = place.funding.costs.create(name=f"{word} trošak", **money)
        place.grant = place.programme.grants.create(purpose=f"{word} peć", as_written="?")
        days = {"start": date(2001, 1, 1), "end": date(2001, 2, 1)}
        place.lock = place.programme.locks.create(**days)
        self._asked(place)
        place.line = place.funding.lines.create(code=f"{word} 1", wording=f"{word} ishod", indicator="OP-01")
        place.narrative = place.funding.narratives.create(happened=f"{word} priča", **days)

    def _asked(self, place: Place) -> None:
        """Somebody who is asked, what she answered, and an attempt to reach her."""
        if not hasattr(place, "wave"):
            programme = place.programme
            asked = programme.questionnaires.create(code="f6", name=f"{place.word} upitnik")
            edition = asked.editions.create(number=1, published_at=self.now)
            place.wave = programme.waves.create(edition=edition, kind="follow_up", months=6)
            self._draft(place)
        place.interview = place.wave.invitations.create(enrolment=place.enrolment)
        question = place.programme.tenant.questions.create(code=f"q-{uuid4().hex[:6]}", kind="text")
        place.answer = place.interview.answers.create(question=question, text=f"{place.word} odgovor")
        place.contact = place.interview.contacts.create(way="phone", outcome="reached")

    def _draft(self, place: Place) -> None:
        """A questionnaire that is still written, with a question in it."""
        tenant = place.programme.tenant
        place.questionnaire = place.programme.questionnaires.create(code="draft", name=f"{place.word} nacrt")
        place.edition = place.questionnaire.editions.create(number=1)
        place.question = tenant.questions.create(code=f"q-{uuid4().hex[:6]}", kind="text")
        # questions are the organisation's, and shared by its programmes
        word = place.word if tenant == self.stranger else "Zajedničko"
        place.wording = place.question.wordings.create(number=1, text=f"{word} pitanje")
        said = {"count": "results", "kinds": ["job"]}  # and so are definitions
        place.indicator = tenant.indicators.create(
            code=f"W-{tenant.indicators.count() + 1}", number=1, name=f"{word} mera", unit="results",
            numerator=f"{word} brojilac", spec=said,
        )  # fmt: skip
        place.item = place.edition.items.create(wording=place.wording, position=1)

    def _address_book(self, place: Place) -> None:
        """What the tenant knows beside the programme, and who has which role in it. Not behind the
        programme's wall: whoever works inside the tenant reads of organisations and enterprises."""
        tenant, programme = place.programme.tenant, place.programme
        word = "Isti" if tenant == self.tenant else place.word
        place.organisation = make.make_organisation(tenant, name=f"{word} savez {uuid4().hex[:6]}")
        place.enterprise = make.make_enterprise(tenant, name=f"{word} radionica")
        cluster = make.make_organisation(tenant, name=f"{word} klaster {uuid4().hex[:6]}", kind="cluster")
        place.clustering = place.enterprise.cluster_memberships.create(cluster=cluster)
        place.venue = make.make_venue(tenant, name=f"{word} sala {uuid4().hex[:6]}")
        place.partner = programme.project.partners.create(organisation=place.organisation)
        place.ownership = Ownership.objects.create(person=place.person, enterprise=place.enterprise)
        place.affiliation = place.person.affiliations.create(organisation=place.organisation, role="član")
        place.membership = place.mentor.person.memberships.get()
        place.consent = place.person.consents.create(
            programme=programme, purpose="photo", text_version="1", given_at=self.now
        )
        place.target = place.line.targets.create(funding=place.funding, value=10)
        audit(None, "plan", place.session, ["day"], tenant=tenant)
        place.eligibility = make.make_eligibility(programme)
        place.finding = make.make_finding(place.eligibility, place.enrolment)
        place.application = make.make_application(
            programme, said={"name": f"{place.word} prijava"}, created_at=self.now
        )
        self._papers(place)
        place.signatory = make.make_signatory(programme, name=f"{place.word} potpisnik")
        place.group = programme.groups.create(code="alone", name=f"{place.word} grupa")
        place.certificate = make.make_certificate(place.enrolment)
        place.twin = make.make_twin(place.person)
        place.audit = AuditEntry.objects.filter(tenant=tenant).latest("pk")

    def _papers(self, place: Place) -> None:
        """A photograph that may be shown, a signed sheet, a pack of evidence."""
        tenant = place.programme.tenant

        def stored(purpose: str):
            return StoredFile.objects.create(
                tenant=tenant, purpose=purpose, name=f"{place.word}.jpg", size=len(PICTURE), digest="",
                content=ContentFile(PICTURE, "x"),
            )  # fmt: skip

        place.photo = place.session.photos.create(
            operation=uuid4(), file=stored("photo"), nobody=True, caption=f"{place.word} slika"
        )
        place.paper = place.session.papers.create(file=stored("sheet"))
        place.pack = place.programme.packs.create(module=place.module, language="en", file=stored("pack"))

    def _letter(self) -> int:
        """A mail with an attachment in the demo's post-box."""
        with_file = mail.build(
            to="mila@primer.example",
            subject="Isti",
            text="…",
            html="<p>…</p>",
            attachments=(("a.ics", b"x", "text/calendar"),),
        )
        mailbox.Maildir(settings.POSTBOX_DIR, create=True).add(with_file.as_bytes())
        return postbox.letters(self.tenant)[0].number

    def _session(self, place: Place, **fields):
        """Today, around now, so that its code on the wall is alive."""
        here = timezone.localtime(self.now)
        fields = {"day": here.date(), "start": time(0, 30), "end": time(23, 30), "zone": "UTC"} | fields
        session = make.make_session(place.programme, title=f"{place.word} sesija", **fields)
        session.refresh_from_db()
        return session

    def _issue(self, report, word: str) -> Issue:
        """An issued summary, built by the real job."""
        run(
            outcomes.request_issue(
                by=make.make_administrator(report.funding.project.tenant), report=report
            ).pk
        )
        issue = report.issues.get()
        Issue.objects.filter(pk=issue.pk).update(state=Issue.State.ISSUED, issued_at=self.now)
        return issue

    def _reminder(self, rule, person, session):
        return rule.reminders.create(
            person=person, subject_type="training.session", subject_id=session.pk, subject_revision=1,
            due_at=self.now, state="failed",
        )  # fmt: skip

    def _beneficiary(self, programme: Programme, word: str) -> Beneficiary:
        word = "Isti" if programme.tenant == self.tenant else word  # of the address book, as below
        partner = make.make_organisation(programme.tenant, name=f"{word} partner {uuid4().hex[:6]}")
        enterprise = make.make_enterprise(programme.tenant, name=f"{word} radnja")
        return Beneficiary.objects.create(
            project=programme.project, enterprise=enterprise, proposed_by=partner
        )

    def _token(self, user: User, word: str) -> Token:
        ends = self.now + timedelta(days=9)
        return Token.objects.create(user=user, name=f"{word} token", digest=uuid4().hex, expires_at=ends)

    def _job(self, programme: Programme, by: User | None, word: str) -> Job:
        return Job.objects.create(
            tenant=programme.tenant, by=by, kind="outcomes.build_issue", state=Job.State.DONE,
            parameters={"report": 0}, parameters_hash=uuid4().hex, reason=word,
        )  # fmt: skip

    def _import(self, programme: Programme, word: str):
        """A sheet whose preview waits for a yes."""
        by, text = make.make_coordinator(programme), f"Ime i prezime\n{word} iz tabele\n"
        file = {"name": f"{word}.csv", "content": text.encode(), "kind": "persons"}
        record = imports.bring(by=by, programme=programme, now=self.now, **file)
        imports.put_map(by=by, record=record, mapping=imports.guessed_map(record))
        return imports.preview(by=by, record=record, now=self.now)

    def _user(self, role: str) -> User:
        programme = self.same.programme
        if role == "administrator":
            user = make.make_administrator(self.tenant)
            make.make_person(self.tenant, user=user)
        elif role == "funder":
            user = make.make_funder(programme, funding=make.make_funding(programme))
        elif role == "partner":
            partner = make.make_organisation(self.tenant)
            user = make.make_member(programme, Membership.Role.PARTNER, partner=partner)
        elif role == "mentor":
            user = make.make_mentor(programme).person.user
        elif role in ("coordinator", "trainer"):
            user = make.make_member(programme, role)
        else:
            user = make.make_user(self.tenant)
            make.make_person(self.tenant, user=user)
        return user

    def _own(self, role: str, user: User) -> Place:
        """What is hers: she leads it, guides it, judges it, nominated it, funds it, asked for it."""
        programme, person = self.same.programme, user.person
        own = Place(programme=programme, job=self._job(programme, user, "Isti"))
        own.token = self._token(user, "Isti")
        own.feed = reminders.feed_of(person=person, now=self.now)
        own.choice = self._choices(person)[0]
        if role in ("administrator", "coordinator", "trainer", "mentor"):
            own.declaration = make.make_declared(person, self.same.person)
        if role == "trainer":
            own.session = self._session(self.same, trainers=[person])
        if role == "mentor":
            her = make.make_person(self.tenant, user=make.make_user(self.tenant))
            enrolment = make.make_enrolment(programme, person=her)
            own.assignment = make.make_assignment(person.mentor, enrolment)
            own.meeting = make.make_meeting(own.assignment, by=enrolment.person.user)
            own.goal = make.make_goal(own.assignment)
            self._office(own)
            own.pair_note = make.make_note(own.assignment, by=user)
            own.seat = make.make_seat(self.same.round, person)
            own.task = make.make_task(own.seat, make.make_idea(programme, title="Isti njena ideja"))
            own.idea, own.round = own.task.idea, self.same.round
            own.idea_file = self._attached(own.idea, "Isti")
            own.mentor, own.offer = person.mentor, person.mentor.offers.get()
            own.preference = make.make_preference(person.mentor, enrolment, side="mentor")
            guided = make.make_idea(programme, title="Isti vođena ideja", enrolments=[enrolment])
            guided.mentored.create(assignment=own.assignment)
            own.nomination = guided.nominations.get()
        if role == "entrepreneur":
            own.enrolment = make.make_enrolment(programme, person=person)
            own.certificate = make.make_certificate(own.enrolment)
            own.need = make.make_need(own.enrolment)
            own.preference = make.make_preference(self.same.mentor, own.enrolment)
            Ownership.objects.create(person=person, enterprise=make.make_enterprise(self.tenant))
            own.assignment = make.make_assignment(make.make_mentor(programme), own.enrolment)
            own.meeting, own.goal = make.make_meeting(own.assignment), make.make_goal(own.assignment)
            self._office(own)
            own.pair_note = make.make_note(own.assignment, by=user)
            own.idea = make.make_idea(programme, title="Isti moja ideja", enrolments=[own.enrolment])
            own.nomination = own.idea.nominations.get()
            own.idea_file = self._attached(own.idea, "Isti")
        if role == "funder":
            report = make.make_report(person.memberships.get().funding)
            report.funding.logo = self.same.funding.logo
            report.funding.save()
            own.report, own.issue = report, self._issue(report, "Isti")
            own.funding, own.target = (
                report.funding,
                report.funding.targets.create(indicator="OP-01", value=5),
            )
        if role == "partner":
            own.beneficiary = self._beneficiary(programme, "Isti")
            own.beneficiary.proposed_by = person.memberships.get().partner
            own.beneficiary.save()
        return own

    def _choices(self, person) -> list[Preference]:
        kinds = ("", "session_tomorrow", "review_waiting")
        said = {"person": person, "channel": "email", "rhythm": "daily", "now": self.now}
        return [reminders.choose(kind=kind, **said) for kind in kinds]

    def _office(self, own: Place) -> None:
        """A slot of the pair's, booked, and somebody to whom she was introduced."""
        day = today_there(self.now) + timedelta(days=4)
        pair = {"mentor": own.assignment.mentor, "programme": own.programme}
        own.slot = make.make_slot(**pair, day=day, booked_by=own.assignment.enrolment)
        own.introduction = make.make_introduction(own.assignment)

    def is_own(self, kwarg: str, role: str) -> bool:
        return hasattr(self.own[role], kwarg)

    def target(self, kwarg: str, role: str, relation: str):
        """The value for one part of an address."""
        free = {
            "figure": "OP-01",
            "table": "attendance",
            "definition": "OP-01",
            "format": "csv",
            "language": "sr",
            "letter": self.letter,
            "part": 1,
            "key": "x",
            "uidb36": "x",
        }
        if kwarg in free:
            return free[kwarg]
        if relation == "gone":
            words = dict.fromkeys(("programme", "tenant"), "no-such")
            tokens = ("code", "signed", "confirmation", "pledge", "log_link", "word_link", "times_link")
            tokens += ("feed_link", "calendar_link", "reader")
            tokens += ("invitation", "sheet", "certificate_link", "answer_link")
            return (words | dict.fromkeys(tokens, "0-0-0.x")).get(kwarg, GONE)
        place = {"same": self.same, "other": self.other, "tenant": self.foreign}.get(relation)
        if relation == "own":
            place = self.own[role] if self.is_own(kwarg, role) else self.same
        if kwarg == "code":
            return codes.token_of((place if hasattr(place, "session") else self.same).session)
        if kwarg == "signed":
            place = place if hasattr(place, "certificate") else self.same
            return content.token_of(place.certificate.editions.last())
        if kwarg == "feed_link":
            return addresses.feed_url((place if hasattr(place, "feed") else self.same).feed).split("/")[-1][
                :-4
            ]
        if kwarg == "calendar_link":
            feed = (place if hasattr(place, "feed") else self.same).feed
            return addresses.page_by_link(feed.person).split("/")[-2]
        if kwarg == "certificate_link":
            return holder.token_of((place if hasattr(place, "certificate") else self.same).certificate)
        if kwarg == "answer_link":
            place = place if hasattr(place, "interview") else self.same
            return answers.answer_link(place.interview).split("/")[-2]
        if kwarg == "log_link":
            return links.log_address((place if hasattr(place, "assignment") else self.same).assignment)[5:-1]
        if kwarg == "word_link":
            return links.word_address((place if hasattr(place, "meeting") else self.same).meeting)[10:-1]
        if kwarg == "times_link":
            return links.times_address((place if hasattr(place, "assignment") else self.same).assignment)[
                11:-1
            ]
        if kwarg == "invitation":
            return links.invitation_address((place if hasattr(place, "invited") else self.same).invited)[
                20:-1
            ]
        if kwarg == "sheet":
            return token_of((place if hasattr(place, "decision") else self.same).decision)
        if kwarg == "reader":
            return reading.token_of((place if hasattr(place, "feed") else self.same).feed.person_id)
        if kwarg == "tenant":
            return place.programme.tenant.slug
        if kwarg == "pledge":
            return mentors.token_of((place if hasattr(place, "candidate") else self.same).candidate)
        if kwarg == "confirmation":
            return applying.token_of((place if hasattr(place, "application") else self.same).application)
        found = getattr(place, kwarg)
        return found.code if kwarg == "programme" else found.pk

    def forbidden_words(self, role: str) -> list[str]:
        """What must stand in no answer to this role, whatever it asks for."""
        words = ["KANARINAC-tenant"]
        return words if role == "administrator" else [*words, "KANARINAC-other"]
