"""A decided round is closed for good: what it was decided from is frozen."""

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ideas.models import Round, Selection
from lib import clock


def refuse_decided(round: Round) -> None:
    """Raises ValidationError (code `decided`) that says who decided and when."""
    done = Selection.objects.filter(round=round).select_related("by").first()
    if done is None:
        return
    at = clock.local(done.at, round.programme.zone)
    said = {"who": done.by or _("Somebody"), "at": date_format(at, "SHORT_DATETIME_FORMAT")}
    raise ValidationError(_("%(who)s decided on this round on %(at)s.") % said, code="decided")
