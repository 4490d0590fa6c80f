from django.urls import path

from mentoring import views

app_name = "mentoring"
urlpatterns = [
    path("programmes/<str:programme>/mentoring/", views.assignment_list, name="assignment_list"),
    path(
        "programmes/<str:programme>/mentoring/export.<str:format>",
        views.assignment_export,
        name="assignment_export",
    ),
    path(
        "programmes/<str:programme>/mentoring/meetings/export.<str:format>",
        views.meeting_export,
        name="meeting_export",
    ),
    path("programmes/<str:programme>/mentoring/new/", views.assignment_create, name="assignment_create"),
    path("assignments/<int:assignment>/", views.assignment_detail, name="assignment_detail"),
    path("assignments/<int:assignment>/end/", views.assignment_end, name="assignment_end"),
    path("assignments/<int:assignment>/meetings/new/", views.meeting_create, name="meeting_create"),
]
