"""Who takes part and which ideas there are, as bars, each with the list behind it."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.duplicates import proposals
from ideas.models import Idea, Nomination, ReviewTask
from mentoring.models import Assignment
from people.models import Programme
from training.filters import PeopleFilter
from training.models import Attendance, Enrolment


@dataclass(frozen=True)
class Funnel:
    """Bars over a common whole, each with the list behind it; `note` says more below."""

    title: str
    rows: list[dict]
    note: dict = field(default_factory=dict)


def participants(programme: Programme, is_over: bool) -> str:
    """The programme's own word for who takes part."""
    running = {
        Programme.Participants.WOMEN: _("Women so far"),
        Programme.Participants.ENTREPRENEURS: _("Entrepreneurs so far"),
        Programme.Participants.PUPILS: _("Pupils so far"),
        Programme.Participants.GUESTS: _("Guests so far"),
    }
    ended = {
        Programme.Participants.WOMEN: _("Women"),
        Programme.Participants.ENTREPRENEURS: _("Entrepreneurs"),
        Programme.Participants.PUPILS: _("Pupils"),
        Programme.Participants.GUESTS: _("Guests"),
    }
    return (ended if is_over else running)[programme.participants]


def people(programme: Programme, *, is_over: bool, runs: bool) -> Funnel:
    """From applying to having a mentor; one query. A figure links to its list where she may read that."""
    there = Attendance.objects.filter(entry__enrolment=OuterRef("pk"), status__in=Attendance.THERE)
    guided = Assignment.objects.filter(enrolment=OuterRef("pk"), state__in=Assignment.COUNTED)
    counted = (
        Enrolment.objects.filter(programme=programme)
        .annotate(
            attended=Exists(there),
            nominated=Exists(Nomination.objects.filter(enrolment=OuterRef("pk"))),
            guided=Exists(guided),
        )
        .aggregate(
            applied=Count("pk"),
            enrolled=Count("pk", filter=Q(state__in=Enrolment.TAKING_PART)),
            attending=Count("pk", filter=Q(attended=True)),
            nominating=Count("pk", filter=Q(nominated=True)),
            with_mentor=Count("pk", filter=Q(guided=True)),
        )
    )
    everybody = reverse("training:enrolment_list", args=[programme.code])
    mentoring = reverse("mentoring:assignment_list", args=[programme.code]) if runs else ""
    labels = [
        ("applied", _("Applied"), "fill", everybody),
        ("enrolled", _("Enrolled"), "fill", f"{everybody}?part={PeopleFilter.TAKING_PART}"),
        ("attending", _("Attending"), "fill", f"{everybody}?part={PeopleFilter.ATTENDING}"),
        ("nominating", _("Nominating"), "soft", reverse("ideas:idea_list", args=[programme.code])),
        ("with_mentor", _("With a mentor"), "soft", mentoring),
    ]
    rows = [
        {"label": label, "value": counted[key], "total": counted["applied"], "tone": tone, "url": url}
        for key, label, tone, url in labels
    ]
    return Funnel(participants(programme, is_over), rows)


def ideas(programme: Programme, *, is_over: bool, with_reviews: bool) -> Funnel:
    """Ideas nominated, fully reviewed, carried on; and how many different ones they are."""
    counted = Idea.objects.filter(programme=programme).aggregate(
        nominated=Count("pk"),
        carried_on=Count("pk", filter=Q(state__in=Idea.CARRIED_ON)),
        in_mentoring=Count("pk", filter=Q(state=Idea.State.IN_MENTORING)),
    )
    one_state = "?state=in_mentoring" if counted["in_mentoring"] == counted["carried_on"] else ""
    total = counted["nominated"]
    rows = [(_("Nominated"), total, "fill", "")]
    if with_reviews:
        rows.append((_("Fully reviewed"), reviewed(programme), "soft", "?reviewed=all"))
    rows.append((_("Carried on"), counted["carried_on"], "soft", one_state))
    url = reverse("ideas:idea_list", args=[programme.code])
    bars = [{"label": a, "value": b, "total": total, "tone": c, "url": url + d} for a, b, c, d in rows]
    note = _different(programme, total) if with_reviews and total else {}
    return Funnel(_("Ideas") if is_over else _("Ideas so far"), bars, note)


def reviewed(programme: Programme) -> int:
    """Ideas with as many reviews as the round that asked for them wants."""
    done = (
        ReviewTask.objects.filter(seat__round__programme=programme, state=ReviewTask.State.DONE)
        .order_by()
        .values("seat__round", "seat__round__coverage", "idea")
        .annotate(done=Count("pk"))
        .filter(done__gte=F("seat__round__coverage"))
    )
    return len({row["idea"] for row in done})


def _different(programme: Programme, total: int) -> dict:
    """How many different ideas there are about, and the groups to decide on."""
    pairs = proposals.known(programme).pairs
    if pairs is None:
        return {}
    so_far = proposals.decided(programme)
    different, groups = proposals.different(total, pairs, so_far), len(proposals.groups(pairs, so_far))
    if different == total and not groups:
        return {}
    sentence = ngettext(
        "%(count)s idea stands for about %(different)s different one:",
        "%(count)s ideas stand for about %(different)s different ones:",
        total,
    )
    link = ngettext("%(count)s group to compare", "%(count)s groups to compare", groups)
    return {
        "said": sentence % {"count": total, "different": different},
        "link": link % {"count": groups} if groups else _("what is joined"),
        "url": reverse("ideas:duplicate_list", args=[programme.code]) + ("" if groups else "?show=joined"),
    }
