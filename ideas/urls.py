from django.urls import path

from ideas import desk_views, nominate_views, round_views, views

app_name = "ideas"
urlpatterns = [
    path("programmes/<str:programme>/ideas/", views.idea_list, name="idea_list"),
    path("programmes/<str:programme>/ideas/export.<str:format>", views.idea_export, name="idea_export"),
    path("ideas/<int:idea>/", views.idea_detail, name="idea_detail"),
    path("ideas/<int:idea>/text/", views.idea_edit, name="idea_edit"),
    path("ideas/<int:idea>/state/", views.idea_state, name="idea_state"),
    path("ideas/<int:idea>/mentoring/", views.idea_carry_on, name="idea_carry_on"),
    path("sessions/<int:session>/ideas/new/", nominate_views.idea_create, name="idea_create"),
    path("sessions/<int:session>/ideas/similar/", nominate_views.idea_similar, name="idea_similar"),
    path("sessions/<int:session>/ideas/count/", nominate_views.session_count, name="session_count"),
    path("in/<str:code>/idea/", nominate_views.nominate, name="nominate"),
    path("in/<str:code>/idea/similar/", nominate_views.nominate_similar, name="nominate_similar"),
    path("in/<str:code>/ideas/<int:idea>/", nominate_views.nominate_join, name="nominate_join"),
    path("programmes/<str:programme>/rounds/new/", round_views.round_create, name="round_create"),
    path("rounds/<int:round>/", round_views.round_detail, name="round_detail"),
    path("rounds/<int:round>/reviews/export.<str:format>", round_views.review_export, name="review_export"),
    path("rounds/<int:round>/next/", desk_views.review_next, name="review_next"),
    path("reviews/<int:task>/", desk_views.review, name="review"),
    path("reviews/<int:task>/draft/", desk_views.review_draft, name="review_draft"),
    path("reviews/<int:task>/conflict/", desk_views.review_conflict, name="review_conflict"),
    path("reviews/<int:task>/refusal/", desk_views.review_refusal, name="review_refusal"),
]
