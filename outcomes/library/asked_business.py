"""What is asked about the business."""

from django.utils.translation import gettext_lazy as _

from outcomes.library.asked import Asked, Kind

FULL_TIME = _("One person working full time is 1, half time is 0.5. Do not count yourself.")
LAST_MONTH = _("A careful guess is enough. Write 0 if there was nothing.")
MOST_EMPLOYEES, LOCAL = 10_000, "RSD"

BUSINESS = (
    Asked("operating", Kind.YES_NO, _("Does your business operate now?"), is_guarded=True,
          help=_("It sells something, or works on what it will sell.")),
    Asked("registered", Kind.ONE, _("Is your business registered?"), choices=(
        ("not_registered", _("No, it is not registered")),
        ("in_process", _("The registration is under way")),
        ("registered", _("Yes, it is registered")),
    )),
    Asked("registered_on", Kind.DAY, _("On which day was it registered?"),
          help=_("The day that stands in the register. If you only know the month, write its first day.")),
    Asked("fte_women", Kind.NUMBER, _("How many women are employed in your business?"), help=FULL_TIME,
          unit=_("full-time jobs"), lowest=0, highest=MOST_EMPLOYEES),
    Asked("fte_men", Kind.NUMBER, _("How many men are employed in your business?"), help=FULL_TIME,
          unit=_("full-time jobs"), lowest=0, highest=MOST_EMPLOYEES),
    Asked("fte_young", Kind.NUMBER, _("How many of all employees are younger than 30?"), help=FULL_TIME,
          unit=_("full-time jobs"), lowest=0, highest=MOST_EMPLOYEES),
    Asked("turnover_month", Kind.MONEY, _("What did your business sell for in the last full month?"),
          help=LAST_MONTH, lowest=0, currency=LOCAL, is_guarded=True),
    Asked("profit_month", Kind.MONEY, _("What was left of it after all costs of that month?"),
          help=_("A loss is written with a minus. A careful guess is enough."), currency=LOCAL,
          is_guarded=True),
    Asked("practices", Kind.MANY, _("What of this did you do in the last three months?"),
          help=_("Choose all that you did."), choices=(
        ("competitors", _("Looked at what others ask for the same, and how they offer it")),
        ("customers", _("Asked customers what they want, or why some no longer buy")),
        ("suppliers", _("Compared offers of several suppliers")),
        ("records", _("Wrote down every sale and every purchase")),
        ("own_account", _("Kept the money of the business apart from that of the household")),
        ("costing", _("Worked out what each product or service costs you")),
        ("cash_plan", _("Planned income and expenses of the coming months")),
        ("sales_target", _("Set a sales target and compared it with what was sold")),
        ("plan", _("Worked by a written business plan, or renewed it")),
        ("advertising", _("Advertised or wrote to customers who have not bought for a while")),
        ("online", _("Sold or took orders over the internet")),
        ("contracts", _("Agreed a sale or a supply in writing")),
        ("none", _("None of these")),
    )),
    Asked("new_links", Kind.MANY, _("Which of these are new for your business in the last six months?"),
          help=_("Choose all that are new."), choices=(
        ("buyer", _("A buyer who buys again and again")),
        ("supply_chain", _("We supply a larger company")),
        ("export", _("We sell abroad")),
        ("cluster", _("We joined a cluster or an association")),
        ("none", _("None of these")),
    )),
    Asked("finance_applied", Kind.YES_NO, is_guarded=True,
          text=_("Did you apply for a loan, a grant or an investment in the last six months?")),
    Asked("finance_obtained", Kind.YES_NO, _("Did you get any of it?"), is_guarded=True,
          help=_("If you still wait for the answer, leave it open.")),
    Asked("finance_source", Kind.MANY, _("Where does the money come from?"), is_guarded=True, choices=(
        ("bank", _("A bank")),
        ("microfinance", _("A lender of small loans")),
        ("state", _("A public fund or agency")),
        ("donor", _("A donor or a foundation")),
        ("investor", _("An investor")),
        ("family", _("Family or friends")),
        ("other", _("From elsewhere")),
    )),
    Asked("finance_amount", Kind.MONEY, _("How much did you get altogether?"), lowest=0, currency=LOCAL,
          is_guarded=True),
)  # fmt: skip
