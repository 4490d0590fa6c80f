from django.urls import path

from ideas.views import desk, ideas, nominating, rounds

app_name = "ideas"
urlpatterns = [
    path("programmes/<str:programme>/ideas/", ideas.idea_list, name="idea_list"),
    path("programmes/<str:programme>/ideas/export.<str:format>", ideas.idea_export, name="idea_export"),
    path("ideas/<int:idea>/", ideas.idea_detail, name="idea_detail"),
    path("ideas/<int:idea>/text/", ideas.idea_edit, name="idea_edit"),
    path("ideas/<int:idea>/state/", ideas.idea_state, name="idea_state"),
    path("ideas/<int:idea>/mentoring/", ideas.idea_carry_on, name="idea_carry_on"),
    path("sessions/<int:session>/ideas/new/", nominating.idea_create, name="idea_create"),
    path("sessions/<int:session>/ideas/similar/", nominating.idea_similar, name="idea_similar"),
    path("sessions/<int:session>/ideas/count/", nominating.session_count, name="session_count"),
    path("in/<str:code>/idea/", nominating.nominate, name="nominate"),
    path("in/<str:code>/idea/similar/", nominating.nominate_similar, name="nominate_similar"),
    path("in/<str:code>/ideas/<int:idea>/", nominating.nominate_join, name="nominate_join"),
    path("programmes/<str:programme>/rounds/new/", rounds.round_create, name="round_create"),
    path("rounds/<int:round>/", rounds.round_detail, name="round_detail"),
    path("rounds/<int:round>/reviews/export.<str:format>", rounds.review_export, name="review_export"),
    path("rounds/<int:round>/next/", desk.review_next, name="review_next"),
    path("reviews/<int:task>/", desk.review, name="review"),
    path("reviews/<int:task>/draft/", desk.review_draft, name="review_draft"),
    path("reviews/<int:task>/conflict/", desk.review_conflict, name="review_conflict"),
    path("reviews/<int:task>/refusal/", desk.review_refusal, name="review_refusal"),
]
