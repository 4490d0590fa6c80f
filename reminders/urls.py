from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("programmes/<str:programme>/reminders/", views.reminder_list, name="reminder_list"),
    path(
        "programmes/<str:programme>/reminders/export.<str:format>",
        views.reminder_export,
        name="reminder_export",
    ),
    path("reminders/<int:reminder>/", views.reminder_detail, name="reminder_detail"),
    path("reminders/<int:reminder>/retry/", views.reminder_retry, name="reminder_retry"),
    path("rules/<int:rule>/", views.rule_edit, name="rule_edit"),
]
