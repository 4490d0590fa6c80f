"""A register as a sheet, through the pages: the guess is shown and corrected before anything is written."""

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from desk.models import Import
from jobs import services as jobs
from tests.factories import make_coordinator, make_enrolment, make_person, make_programme, make_session
from training import services
from training.models import Attendance, Mark

pytestmark = pytest.mark.django_db
SHEET = "Ime i prezime;12.3.;13.3.;Kafa\nAna Đorđević;✓;;da\nMila Žarić;x;✓;\n"


@pytest.fixture
def programme():
    programme = make_programme(code="p1")
    for title, day in (("Opening", date(2025, 3, 12)), ("Finance", date(2025, 3, 13))):
        make_session(programme, title=title, day=day, start=time(9), end=time(13))
    for name in ("Ана Ђорђевић", "Mila Zaric"):
        row = make_enrolment(programme, person=make_person(programme.tenant, name=name))
        for session in programme.sessions.all():
            services.fill_roster(by=None, session=session, enrolments=[row])
    return programme


def bring(client, programme) -> Import:
    client.force_login(make_coordinator(programme))
    file = SimpleUploadedFile("Prisustvo.csv", SHEET.encode())
    client.post(reverse("desk:import_create", args=[programme.code]), {"file": file})
    return Import.objects.get()


def test_the_guess_is_shown_and_corrected_before_anything_is_written(client, programme):
    record = bring(client, programme)
    assert record.kind == "attendance"
    known = [(column["header"], column["field"]) for column in record.columns]
    assert known == [("Ime i prezime", "person"), ("12.3.", "marks"), ("13.3.", "marks"), ("Kafa", "marks")]
    said = {f"column_{n}": field for n, (_header, field) in enumerate(known)}
    answer = client.post(reverse("desk:import_columns", args=[record.pk]), said)
    assert answer.url == reverse("desk:import_values", args=[record.pk])
    page = client.get(answer.url)
    form = page.context["form"]
    opening, finance = (
        f"session:{pk}" for pk in programme.sessions.order_by("day").values_list("pk", flat=True)
    )
    assert [form.fields[f"column_marks_{n}"].initial for n in range(3)] == [opening, finance, ""]
    signs = {value: select.initial for _one, values in form.value_fields() for value, _n, select in values}
    assert signs == {"✓": "present", "da": "present", "x": None}  # a cross beside ticks is asked for
    names = {value: select.html_name for _one, values in form.value_fields() for value, _n, select in values}
    said = {"column_marks_0": opening, "column_marks_1": finance, "column_marks_2": ""}
    assert client.post(answer.url, said).status_code == 422
    said |= {names["✓"]: "present", names["da"]: "present", names["x"]: "absent"}
    assert client.post(answer.url, said).url == reverse("desk:import_preview", args=[record.pk])
    assert not Mark.objects.exists()
    preview = client.get(reverse("desk:import_preview", args=[record.pk])).content.decode()
    assert "2 rows will be new" in preview
    assert "Opening: present" in preview
    client.post(reverse("desk:import_confirm", args=[record.pk]))
    jobs.run(Import.objects.get().job_id)
    found = Attendance.objects.order_by("entry__session__day", "entry__enrolment_id")
    assert list(found.values_list("entry__session__title", "status")) == [
        ("Opening", "present"),
        ("Opening", "absent"),
        ("Finance", "present"),
    ]
    client.post(reverse("desk:import_undo", args=[record.pk]))
    assert Import.objects.get().state == Import.State.UNDONE
    assert not Attendance.objects.exists()
