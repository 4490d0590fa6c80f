"""Will she be a mentor? Asked by a link in a mail: looking changes nothing, a button answers, once."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring import services
from mentoring.meetings import links
from mentoring.models import Mentor, Offer
from mentoring.views.links import by_link, dead, speaks


class NoForm(forms.Form):
    reason = forms.CharField(label=_("Why not, if you like to say"), max_length=300, required=False)


@by_link
def mentor_invited(request: HttpRequest, invitation: str) -> HttpResponse:
    found = links.read(invitation, links.INVITED)
    rows = Offer.objects.select_related("programme__tenant", "mentor__person__user")
    row = found and rows.filter(pk=found[0]).first()
    if not row:
        return dead(request, "none")
    if row.mentor.state != Mentor.State.INVITED or not speaks(row.mentor.person):
        return dead(request, "answered")
    form = NoForm(request.POST if request.POST.get("answer") == "no" else None)
    if request.method == "POST" and (form.is_valid() or request.POST.get("answer") == "yes"):
        said = {"accept": not form.is_bound, **getattr(form, "cleaned_data", {})}
        try:
            mentor = services.answer_invitation(mentor=row.mentor, now=timezone.now(), **said)
        except ValidationError:
            return dead(request, "answered")
        context = {"offer": row, "mentor": mentor, "is_yes": said["accept"]}
        return render(request, "mentoring/invitation_done.html", context)
    context = {"offer": row, "form": form}
    return render(request, "mentoring/invitation.html", context, status=422 if form.errors else 200)
