"""What a row of a sheet of reviews may say."""

from django.utils.translation import gettext_lazy

from desk.loading.fields import Field
from ideas.models import Review, Round

FIELDS = (
    Field(
        "idea",
        gettext_lazy("which idea: its id in the source, number or title"),
        required=True,
        words="idea id,application,project,proposal,ideja,predlog,projekat;id,title,number,naslov,broj",
    ),
    Field(
        "reviewer",
        gettext_lazy("who judged: id, e-mail or full name of a mentor"),
        required=True,
        words="judge,reviewer id,reviewer email,mentor,recenzent,recenzentkinja,ocenjivac,mentorka;"
        "email,name",
        look="e-mail",
    ),
    Field("round", gettext_lazy("number of the round"), "whole number", words="round number,krug,runda"),
    Field(
        "score",
        gettext_lazy("overall score; it alone counts where it is given"),
        "number",
        words="overall,overall score,total,ukupna ocena,ukupno",
    ),
    Field(
        "scores",
        gettext_lazy("columns of a criterion each; blank is unknown"),
        "number",
        is_wide=True,
    ),
    Field("comment", gettext_lazy("what she wrote"), words="remarks,comments,komentar,napomena"),
    Field(
        "recommendation",
        gettext_lazy("what she would do with it"),
        words="recommended,preporuka",
        choices=Review.Recommendation,
        also="da=yes,ne=no,mozda=maybe",
    ),
    Field(
        "confidence",
        gettext_lazy("how sure she is: 1 not very, 2 fairly, 3 sure"),
        "whole number",
        words="how sure,sigurnost",
    ),
    Field(
        "handed_in_at",
        gettext_lazy("when it was handed in"),
        "day and time",
        words="handed in,submitted,submitted at,predato,date,datum",
    ),
    Field("lowest", gettext_lazy("lowest number of the scale; 1 where nothing is said"), "whole number"),
    Field("highest", gettext_lazy("highest number of the scale; 5 where nothing is said"), "whole number"),
    Field("step", gettext_lazy("step of the scale; 1 where nothing is said"), "number"),
    Field(
        "better",
        gettext_lazy("whether a high or a low number is good; high where nothing is said"),
        choices=Round.Better,
    ),
)
