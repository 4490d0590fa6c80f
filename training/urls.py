from django.urls import path

from training.views import check_in, exports, people, register, sessions

app_name = "training"
urlpatterns = [
    path("programmes/<str:programme>/people/", people.enrolment_list, name="enrolment_list"),
    path(
        "programmes/<str:programme>/people/export.<str:format>",
        exports.enrolment_export,
        name="enrolment_export",
    ),
    path(
        "programmes/<str:programme>/attendance/export.<str:format>",
        exports.attendance_export,
        name="attendance_export",
    ),
    path("enrolments/<int:enrolment>/", people.enrolment_detail, name="enrolment_detail"),
    path("enrolments/<int:enrolment>/state/", people.enrolment_state, name="enrolment_state"),
    path("programmes/<str:programme>/sessions/", sessions.session_list, name="session_list"),
    path(
        "programmes/<str:programme>/sessions/export.<str:format>",
        exports.session_export,
        name="session_export",
    ),
    path("programmes/<str:programme>/sessions/new/", sessions.session_create, name="session_create"),
    path("sessions/<int:session>/", sessions.session_detail, name="session_detail"),
    path("sessions/<int:session>/edit/", sessions.session_edit, name="session_edit"),
    path("sessions/<int:session>/cancellation/", sessions.session_cancel, name="session_cancel"),
    path("sessions/<int:session>/register/", register.register, name="register"),
    path(
        "sessions/<int:session>/register/export.<str:format>", exports.register_export, name="register_export"
    ),
    path("sessions/<int:session>/marks/", register.mark_create, name="mark_create"),
    path("sessions/<int:session>/walk-ins/", register.walk_in_create, name="walk_in_create"),
    path("sessions/<int:session>/roster/", register.roster_create, name="roster_create"),
    path("sessions/<int:session>/log/", register.log_create, name="log_create"),
    path("sessions/<int:session>/closure/", register.session_close, name="session_close"),
    path("sessions/<int:session>/code/", register.session_code, name="session_code"),
    path("in/", check_in.check_in_start, name="check_in_start"),
    path("in/<str:code>/", check_in.check_in, name="check_in"),
]
