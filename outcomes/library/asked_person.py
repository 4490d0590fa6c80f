"""What is asked about herself, and about the programme."""

from django.utils.translation import gettext_lazy as _

from outcomes.library.asked import Asked, Kind

NOT_SURE, SURE = _("not at all sure"), _("completely sure")
FULL_POINTS = 10

PERSON = (
    Asked("education", Kind.ONE, _("Which is the highest school that you finished?"), choices=(
        ("basic", _("Primary school or less")),
        ("secondary", _("Secondary school")),
        ("tertiary", _("College or university")),
    )),
    Asked("employment", Kind.ONE, _("Which describes you best at present?"), choices=(
        ("employed", _("I am employed by somebody else")),
        ("self_employed", _("I work for myself")),
        ("unemployed", _("I have no work and am looking for it")),
        ("inactive", _("I do not work and am not looking for work")),
    )),
    Asked("knowledge", Kind.NUMBER, _("How many points did you have in the test?"), unit=_("points"),
          help=_("The trainer tells you. Without a test, leave it open."), lowest=0, highest=FULL_POINTS),
    Asked("confidence", Kind.SCALE, _("How sure are you today that you can run your business well?"),
          lowest=1, highest=10, low_label=NOT_SURE, high_label=SURE),
    Asked("confidence_then", Kind.SCALE, _("Looking back: how sure were you before the programme?"),
          lowest=1, highest=10, low_label=NOT_SURE, high_label=SURE),
    Asked("income_say", Kind.ONE, is_guarded=True, choices=(
        ("others", _("Mostly others")),
        ("together", _("I together with others")),
        ("alone", _("Mostly I")),
    ), text=_("Who decides what the income of your business is spent on?")),
)  # fmt: skip

PROGRAMME = (
    Asked("satisfaction", Kind.SCALE, _("How satisfied are you, all in all?"), lowest=1, highest=5,
          low_label=_("not satisfied at all"), high_label=_("very satisfied")),
    Asked("recommend", Kind.SCALE, _("How likely are you to recommend this to a friend?"), lowest=0,
          highest=10, low_label=_("not at all likely"), high_label=_("certainly")),
    Asked("improve", Kind.TEXT, _("What should we do better?")),
    Asked("anyway", Kind.ONE, _("What would have become of your business without the programme?"), choices=(
        ("same", _("The same")),
        ("later", _("The same, but later")),
        ("smaller", _("It would be smaller")),
        ("not_at_all", _("It would not be there")),
    )),
    Asked("who_answered", Kind.ONE, _("Who gives these answers?"), choices=(
        ("herself", _("She herself")),
        ("somebody_else", _("Somebody else for her")),
    )),
    Asked("remark", Kind.TEXT, _("Is there anything else that you would like to say?")),
)  # fmt: skip
