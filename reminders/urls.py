from django.urls import path

from reminders.views import calendar, choices, gateway, plan, rules, texts

app_name = "reminders"
urlpatterns = [
    path("programmes/<str:programme>/reminders/", plan.reminder_list, name="reminder_list"),
    path("programmes/<str:programme>/reminders/all/", plan.reminder_rows, name="reminder_rows"),
    path(
        "programmes/<str:programme>/reminders/export.<str:format>",
        plan.reminder_export,
        name="reminder_export",
    ),
    path("short-messages/", gateway.gateway_edit, name="gateway_edit"),
    path("short-messages/key/", gateway.gateway_key, name="gateway_key"),
    path("short-messages/trial/", gateway.gateway_trial, name="gateway_trial"),
    path("choices/", choices.choices_own, name="choices_own"),
    path("choices/<str:reader>/", choices.choices, name="choices"),
    path("choices/<str:reader>/calendar/", choices.choices_calendar, name="choices_calendar"),
    path("choices/<str:reader>/stop/", choices.choices_stop, name="choices_stop"),
    path("calendar/", calendar.calendar_own, name="calendar_own"),
    path("calendar/mine/<str:calendar_link>/", calendar.calendar_by_link, name="calendar_by_link"),
    path("calendar/<str:feed_link>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("reminders/<int:reminder>/", plan.reminder_detail, name="reminder_detail"),
    path("reminders/<int:reminder>/retry/", plan.reminder_retry, name="reminder_retry"),
    path("reminders/<int:reminder>/told/", plan.reminder_told, name="reminder_told"),
    path("programmes/<str:programme>/reminders/rules/", rules.rule_list, name="rule_list"),
    path("programmes/<str:programme>/reminders/quiet-hours/", rules.quiet_edit, name="quiet_edit"),
    path("rules/<int:rule>/", rules.rule_edit, name="rule_edit"),
    path("rules/<int:rule>/test/", rules.rule_test, name="rule_test"),
    path("rules/<int:rule>/texts/<str:language>/", texts.text_edit, name="text_edit"),
    path("rules/<int:rule>/texts/<str:language>/remove/", texts.text_remove, name="text_remove"),
]
