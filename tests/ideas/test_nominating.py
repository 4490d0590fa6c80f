"""What an idea carries beside its words, and the way it takes: labels, files, aims, screening, a mentor."""

import io
import uuid
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry, StoredFile
from ideas import clusters, services
from ideas.models import Asked, Idea, IdeaChange, Mentored
from ideas.services.screening import mark_of
from mentoring.models import Assignment, Need
from mentoring.services import save_need
from tests.factories import (
    make_aim,
    make_assignment,
    make_coordinator,
    make_declared,
    make_enrolment,
    make_enterprise,
    make_idea,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    make_session,
)
from tests.training.pictures import drawn


def url(name, *args):
    return reverse(f"ideas:{name}", args=args)


def way(idea):
    return list(idea.changes.values_list("state", "by", "reason"))


# --- states, one and many


def test_every_step_of_an_idea_stands_in_its_way(world, now):
    [idea, _other] = world.ideas
    for state, reason in (("screened", ""), ("declined", "Too far."), ("declined", "Too far.")):
        services.set_idea_state(by=world.coordinator, idea=idea, state=state, reason=reason, now=now)
    by = world.coordinator.pk
    assert way(idea) == [("screened", by, ""), ("declined", by, "Too far.")]


def test_many_states_at_once_cost_the_same(world, now, django_assert_num_queries):
    ideas = [make_idea(world.programme) for _n in range(30)]
    for some in (ideas[:3], ideas[3:]):
        with django_assert_num_queries(6):
            changed = services.change_states(by=world.coordinator, ideas=some, state="screened", now=now)
        assert changed == len(some)
    assert services.change_states(by=None, ideas=ideas, state="screened", reason="x", now=now) == 0
    assert IdeaChange.objects.count() == 30
    assert AuditEntry.objects.filter(verb="set states", object_id=world.programme.pk).count() == 2


def test_screening_says_first_what_would_happen_and_why_not(world, now):
    programme, coordinator = world.programme, world.coordinator
    fresh = make_idea(programme, enrolments=[world.enrolment])
    done, carried = make_idea(programme, state="screened"), make_idea(programme, state="in_mentoring")
    under = make_idea(programme)
    under.joins.create(into=fresh)
    said = {"by": coordinator, "programme": programme, "state": "screened", "now": now}
    keys = [idea.pk for idea in (fresh, done, carried, under, world.ideas[0])]
    keys.append(make_idea().pk)  # of another programme: it is not there
    steps = services.look_at(**said, ideas=keys)
    assert {step.idea.pk: step.words for step in steps} == {
        world.ideas[0].pk: "It lies on 2 desks and is being judged.",
        fresh.pk: "",
        done.pk: "It is screened already.",
        carried.pk: "It is carried on: change its state on its own page.",
        under.pk: f"It stands under idea {fresh.number}.",
    }
    assert Idea.objects.get(pk=fresh.pk).state == "nominated"
    services.screen(**said, ideas=keys, seen=mark_of(steps))
    assert list(Idea.objects.filter(state="screened")) == [fresh, done]
    with pytest.raises(ValidationError) as refused:
        services.screen(**said, ideas=keys, seen=mark_of(steps))
    assert refused.value.code == "changed"


def test_who_has_a_conflict_declines_with_a_reason_only(world, now):
    idea = make_idea(world.programme, enrolments=[world.enrolment])
    make_declared(world.coordinator.person, world.enrolment.person)
    said = {"by": world.coordinator, "programme": world.programme, "ideas": [idea.pk], "now": now}
    [step] = services.look_at(**said, state="waiting")
    assert step.words.endswith("Say why you decide on it all the same.")
    assert [s.words for s in services.look_at(**said, state="waiting", reason="Two others agreed")] == [""]
    with pytest.raises(ValidationError) as refused:
        services.look_at(**said, state="declined")
    assert refused.value.message_dict == {"reason": ["Say why: the entrepreneur may ask."]}


def test_the_page_shows_it_and_a_yes_does_it(client, world):
    ideas = [make_idea(world.programme) for _n in range(3)]
    client.force_login(world.coordinator)
    address = url("idea_screen", world.programme.code)
    answer = client.post(address, {"idea": [i.pk for i in ideas], "state": "declined", "reason": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say why: the entrepreneur may ask." in page
    assert page.count('name="reason"') == 1  # to be put right here: what was chosen is kept
    assert [f'name="idea" value="{i.pk}"' in page for i in ideas] == [True] * 3
    said = {"idea": [i.pk for i in ideas], "state": "declined", "reason": "Not ours"}
    page = client.post(address, said).content.decode()
    assert "3 ideas would be: declined" in page
    assert "Do it for 3 ideas" in page
    assert Idea.objects.filter(state="declined").count() == 0
    mark = page.split('name="seen" value="')[1].split('"')[0]
    services.set_idea_state(by=None, idea=ideas[0], state="screened", now=ideas[0].state_at)
    answer = client.post(address, said | {"seen": mark})
    assert answer.status_code == 422
    assert "Something changed since you looked." in answer.content.decode()
    assert Idea.objects.filter(state="declined").count() == 0
    mark = answer.content.decode().split('name="seen" value="')[1].split('"')[0]
    answer = client.post(address, said | {"seen": mark})
    assert (answer.status_code, answer.url) == (302, url("idea_list", world.programme.code))
    assert Idea.objects.filter(state="declined", reason="Not ours").count() == 3


def test_all_that_the_filter_finds(client, world):
    for _n in range(3):
        make_idea(world.programme, sector="C")
    make_idea(world.programme, sector="A")
    client.force_login(world.coordinator)
    address = url("idea_screen", world.programme.code) + "?sector=C"
    page = client.post(address, {"all": "yes", "state": "screened"}).content.decode()
    assert "3 ideas would be: screened" in page
    mark = page.split('name="seen" value="')[1].split('"')[0]
    client.post(address, {"all": "yes", "state": "screened", "seen": mark})
    assert list(Idea.objects.filter(state="screened").values_list("sector", flat=True)) == ["C"] * 3


def test_screening_over_the_api(client, world):
    ideas = [make_idea(world.programme) for _n in range(2)]
    said = {"programme": world.programme.code, "ideas": [i.pk for i in ideas], "state": "screened"}
    client.force_login(world.coordinator)
    post = {"path": "/api/v1/ideas/screening/", "content_type": "application/json"}
    found = [{"idea": i.pk, "number": i.number, "words": ""} for i in ideas]
    assert client.post(**post, data=said | {"only_look": True}).json() == {"results": found}
    assert Idea.objects.filter(state="screened").count() == 0
    assert client.post(**post, data=said).json() == {"results": found}
    words = [row["words"] for row in client.post(**post, data=said).json()["results"]]
    assert words == ["It is screened already."] * 2
    steps = client.get(f"/api/v1/ideas/{ideas[0].pk}/changes/").json()["results"]
    assert [(s["state"], s["by"]) for s in steps] == [("screened", world.coordinator.pk)]
    client.force_login(world.trainer)
    assert client.post(**post, data=said).status_code == 403
    client.force_login(make_coordinator(make_programme()))
    assert client.post(**post, data=said).status_code == 400  # the programme is not hers to name


# --- cluster, language, private note


def test_clusters_of_a_programme(db):
    programme = make_programme()
    tenant, project = programme.tenant, programme.project
    union = make_organisation(tenant, name="Union", kind="organisation")
    cluster = {
        n: make_organisation(tenant, name=n, kind="cluster") for n in ("Carries", "Under", "Hers", "Far")
    }
    cluster["Under"].umbrella = union
    cluster["Under"].save()
    for organisation in (union, cluster["Carries"]):
        project.partners.create(organisation=organisation)
    enterprise = make_enterprise(tenant)
    enterprise.cluster_memberships.create(cluster=cluster["Hers"])
    make_enrolment(programme, enterprise=enterprise)
    make_enterprise(tenant).cluster_memberships.create(cluster=cluster["Far"])
    assert [one.name for one in clusters.offered(programme)] == ["Carries", "Hers", "Under"]


def test_a_cluster_of_somebody_else_is_refused(world, now):
    for cluster, words in (
        (make_organisation(kind="cluster"), "This cluster belongs to another organisation."),
        (make_organisation(world.programme.tenant, name="Fund"), "“Fund” is no cluster."),
    ):
        with pytest.raises(ValidationError) as refused:
            services.rewrite(by=world.trainer, idea=world.ideas[0], title="A title", cluster=cluster, now=now)
        assert refused.value.message_dict == {"cluster": [words]}


def test_a_trainer_types_it_with_cluster_language_note_and_file(client, world):
    cluster = make_organisation(world.programme.tenant, kind="cluster", name="Food")
    world.programme.project.partners.create(organisation=cluster)
    session = make_session(world.programme)
    client.force_login(world.trainer)
    address = url("idea_create", session.pk)
    operation = client.get(address).content.decode().split('name="operation" value="')[1].split('"')[0]
    said = {"who": world.enrolment.row_code, "title": "Plum jam", "cluster": cluster.pk, "language": "en",
            "note": "She is shy.", "operation": operation}  # fmt: skip
    wrong = SimpleUploadedFile("plan.pdf", b"MZ not a pdf")
    assert "is not what its ending says" in client.post(address, said | {"upload": wrong}).content.decode()
    file = SimpleUploadedFile("plan.png", drawn())
    assert client.post(address, said | {"upload": file}).status_code == 302
    idea = Idea.objects.get(text__title="Plum jam")  # one, although it was sent twice
    assert (idea.cluster, idea.text.language, idea.note) == (cluster, "en", "She is shy.")
    assert idea.files.count() == 1
    assert way(idea) == [("nominated", world.trainer.pk, "")]


def test_a_trainer_lets_her_stand_with_one_that_sounds_alike(client, world):
    session, idea = make_session(world.programme), make_idea(world.programme, title="Plum jam without sugar")
    client.force_login(world.trainer)
    found = client.get(url("idea_similar", session.pk), {"title": "Plum jam without sugar"}).content.decode()
    assert f'name="stands" value="{idea.pk}"' in found
    said = {"who": world.enrolment.row_code, "title": "Plum jam", "operation": str(uuid.uuid4())}
    address, before = url("idea_create", session.pk), Idea.objects.count()
    assert client.post(address, said | {"stands": "x"}).status_code == 404
    for _tap in range(2):
        assert client.post(address, said | {"stands": idea.pk}).status_code == 302
    assert Idea.objects.count() == before
    rows = idea.nominations.filter(enrolment=world.enrolment)
    assert [(row.session, row.by) for row in rows] == [(session, world.trainer)]


def test_the_private_note_is_read_by_who_records_ideas_only(client, world):
    idea = world.ideas[0]
    Idea.objects.filter(pk=idea.pk).update(note="Šapat KANARINAC")
    page, api = url("idea_detail", idea.pk), f"/api/v1/ideas/{idea.pk}/"
    readers = {
        "coordinator": world.coordinator,
        "trainer": world.trainer,
        "reviewer": world.mentors[0],
    }
    found = {}
    for name, user in readers.items():
        client.force_login(user)
        shown = "KANARINAC" in client.get(page).content.decode()
        found[name] = (shown, client.get(api).json()["note"])
    assert found == {
        "coordinator": (True, "Šapat KANARINAC"),
        "trainer": (True, "Šapat KANARINAC"),
        "reviewer": (False, None),
    }
    for format in ("csv", "json"):
        client.force_login(world.coordinator)
        export = client.get(url("idea_export", world.programme.code, format))
        assert b"KANARINAC" not in b"".join(export.streaming_content)


# --- files


def packed(**members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"
MACROS = packed(word__document_dot_xml="<w/>", word__vbaProject_dot_bin="x")
DOCX = packed(word__document_dot_xml="<w/>", **{"[Content_Types]_dot_xml": "<Types/>"})


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("Plan.PDF", PDF, "Plan.PDF"),
        ("slika.jpeg", drawn(), "slika.jpg"),
        ("pismo.docx", DOCX, "pismo.docx"),
        ("cene.csv", "ime;cena\nšljiva;3".encode(), "cene.csv"),
        ("../../etc/x.txt", b"text", "x.txt"),
    ],
)
def test_files_that_are_taken(world, now, name, content, kept):
    row, is_new = services.attach(by=world.trainer, idea=world.ideas[0], file=content, name=name, now=now)
    assert (row.name, is_new) == (kept, True)
    again, is_new = services.attach(
        by=world.trainer, idea=world.ideas[0], file=content, name="x" + name, now=now
    )
    assert (again, is_new) == (row, False)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "is of no kind that is taken"),
        ("a.svg", b"<svg/>", "is of no kind that is taken"),
        ("a.html", b"<html>", "is of no kind that is taken"),
        ("a.pdf", b"<html>", "is not what its ending says"),
        ("a.txt", b"<!doctype html><script>alert(1)</script>", "is not what its ending says"),
        ("a.txt", b"\x00\x01", "is not what its ending says"),
        ("a.xlsx", DOCX, "is not what its ending says"),
        ("a.docx", b"PK\x03\x04nothing", "is not what its ending says"),
        (
            "a.docx",
            packed(word__document_dot_xml="<w/>", word__vbaProject_dot_bin="x"),
            "This file brings macros",
        ),
        ("a.png", b"\x89PNG nothing", "This is no picture"),
        ("a.pdf", b"", "The file is empty."),
        ("a.pdf", PDF + b" " * 10 * 1024 * 1024, "The file is larger than 10 MB."),
    ],
)
def test_files_that_are_refused(world, now, name, content, words):
    with pytest.raises(ValidationError) as refused:
        services.attach(by=world.trainer, idea=world.ideas[0], file=content, name=name, now=now)
    assert words in refused.value.messages[0]
    assert StoredFile.objects.count() == 0


def test_a_file_is_saved_never_shown_and_without_its_name_for_who_judges_blind(client, world, now):
    idea = world.ideas[0]
    services.attach(by=world.trainer, idea=idea, file=b"one", name="first.txt", now=now)
    row, _ = services.attach(by=world.trainer, idea=idea, file=PDF, name="Nevenka Zlatiborac.pdf", now=now)
    found = {}
    for name, user in {"trainer": world.trainer, "reviewer": world.mentors[0]}.items():
        client.force_login(user)
        answer = client.get(url("file_detail", row.pk))
        said = (answer["Content-Disposition"], answer["X-Content-Type-Options"], answer["Content-Type"])
        listed = [one["name"] for one in client.get(f"/api/v1/ideas/{idea.pk}/files/").json()["results"]]
        page = client.get(url("idea_detail", idea.pk)).content.decode()
        found[name] = (said, listed, "Nevenka" in page)
    assert found == {
        "trainer": (
            ('attachment; filename="Nevenka Zlatiborac.pdf"', "nosniff", "application/pdf"),
            ["first.txt", "Nevenka Zlatiborac.pdf"],
            True,
        ),
        "reviewer": (
            ('attachment; filename="Attachment 2.pdf"', "nosniff", "application/pdf"),
            ["Attachment 1.txt", "Attachment 2.pdf"],
            False,
        ),
    }
    client.force_login(make_coordinator(make_programme()))
    assert client.get(url("file_detail", row.pk)).status_code == 404
    assert client.post(url("file_remove", row.pk)).status_code == 404


def test_a_file_that_is_taken_away_leaves_its_record(client, world, now, django_capture_on_commit_callbacks):
    row, _ = services.attach(by=world.trainer, idea=world.ideas[0], file=PDF, name="plan.pdf", now=now)
    storage, kept = row.file.content.storage, row.file.content.name
    client.force_login(world.trainer)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(url("file_remove", row.pk)).status_code for _twice in range(2)]
    row.refresh_from_db()
    assert (answers, row.file, row.removed_by, storage.exists(kept)) == (
        [302, 302],
        None,
        world.trainer,
        False,
    )
    assert client.get(url("file_detail", row.pk)).status_code == 404


def test_an_idea_has_at_most_ten_files(world, now):
    for n in range(10):
        services.attach(by=world.trainer, idea=world.ideas[0], file=b"%d" % n, name="a.txt", now=now)
    with pytest.raises(ValidationError) as refused:
        services.attach(by=world.trainer, idea=world.ideas[0], file=b"more", name="a.txt", now=now)
    assert refused.value.messages == ["An idea has at most 10 files. Take one away first."]


# --- aims


def test_the_list_of_aims(client, world):
    programme = world.programme
    client.force_login(world.coordinator)
    for name in ("Zeleni posao", "Zeleni posao"):
        assert client.post(url("aim_list", programme.code), {"name": name, "name_sr": ""}).status_code == 302
    one, two = programme.aims.all()
    assert (one.code, two.code) == ("zeleni-posao", "zeleni-posao-2")
    client.post(url("aim_edit", one.pk), {"name": "Green jobs", "name_sr": "Zeleni posao"})
    world.ideas[0].aims.add(one)
    for aim in (one, two):
        client.post(url("aim_remove", aim.pk))
    assert list(programme.aims.values_list("code", "name")) == [("zeleni-posao", "Green jobs")]
    assert client.post(url("aim_list", programme.code), {"name": ""}).status_code == 422
    client.force_login(world.trainer)
    assert client.get(url("aim_list", programme.code)).status_code == 403
    client.force_login(make_coordinator(make_programme()))
    routes = [("get", "aim_edit"), ("post", "aim_remove")]
    assert [getattr(client, how)(url(name, one.pk)).status_code for how, name in routes] == [404, 404]


def test_aims_over_the_api(client, world):
    aim, used = make_aim(world.programme), make_aim(world.programme)
    world.ideas[0].aims.add(used)
    client.force_login(world.coordinator)
    statuses = [client.delete(f"/api/v1/aims/{one.pk}/").status_code for one in (aim, used)]
    assert statuses == [204, 400]


# --- asking for a mentor


def test_a_need_is_made_of_the_idea_and_a_yes_carries_it_on(world, now):
    idea = world.ideas[0]
    Idea.objects.filter(pk=idea.pk).update(state="shortlisted", sector="C")
    said = {"by": world.coordinator, "idea": idea, "enrolment": world.enrolment, "now": now}
    asked = services.ask_for_mentor(**said, functions=["marketing"])
    assert services.ask_for_mentor(**said) == asked
    need = Need.objects.get()
    assert (need.enrolment, need.sector, need.functions) == (world.enrolment, "C", ["marketing"])
    assert need.text == "Sušara za šljive: Zajednička sušara za pet sela."
    assignment = make_assignment(make_mentor(world.programme), world.enrolment, need=need, state="offered")
    assert services.carry_on_assigned(now=now) == 0  # nobody said yes yet
    Assignment.objects.filter(pk=assignment.pk).update(state="accepted")
    assert [services.carry_on_assigned(now=now) for _sweep in range(2)] == [1, 0]
    assert Mentored.objects.filter(idea=idea, assignment=assignment).count() == 1
    idea.refresh_from_db()
    assert idea.state == "in_mentoring"
    assert way(idea)[-1] == ("in_mentoring", None, "")


@pytest.mark.parametrize("by", ["page", "script"])
def test_a_mentor_given_by_hand_carries_the_idea_on(client, world, now, by):
    idea, mentor = world.ideas[0], make_mentor(world.programme)
    said = {"by": world.coordinator, "enrolment": world.enrolment}
    save_need(**said, text="An older one")
    asked = services.ask_for_mentor(**said, idea=idea, now=now)
    client.force_login(world.coordinator)
    said = {"enrolment": world.enrolment.pk, "mentor": mentor.pk}
    if by == "page":
        address = reverse("mentoring:assignment_create", args=[world.programme.code])
        assert client.post(address, said).status_code == 302
    else:
        said["programme"] = world.programme.code
        answer = client.post("/api/v1/assignments/", said, content_type="application/json")
        assert (answer.status_code, answer.json()["need"]) == (201, asked.need.pk)
    assignment = Assignment.objects.get()
    assert assignment.need == asked.need
    assert services.carry_on_assigned(now=now) == 1
    assert Mentored.objects.get(idea=idea).assignment == assignment


def test_a_script_gives_a_mentor_without_a_need_where_it_says_so(client, world, now):
    services.ask_for_mentor(by=world.coordinator, idea=world.ideas[0], enrolment=world.enrolment, now=now)
    client.force_login(world.coordinator)
    said = {"enrolment": world.enrolment.pk, "mentor": make_mentor(world.programme).pk, "need": None}
    said["programme"] = world.programme.code
    answer = client.post("/api/v1/assignments/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["need"]) == (201, None)
    assert services.carry_on_assigned(now=now) == 0


def test_a_declined_idea_is_not_brought_back_by_a_mentor(world, now):
    idea = world.ideas[0]
    asked = services.ask_for_mentor(by=world.coordinator, idea=idea, enrolment=world.enrolment, now=now)
    services.set_idea_state(by=world.coordinator, idea=idea, state="declined", reason="No", now=now)
    make_assignment(make_mentor(world.programme), world.enrolment, need=asked.need)
    assert services.carry_on_assigned(now=now) == 0
    with pytest.raises(ValidationError) as refused:
        services.ask_for_mentor(by=world.coordinator, idea=idea, enrolment=make_enrolment(), now=now)
    assert refused.value.messages == ["This idea is declined: it needs no mentor."]


def test_who_did_not_nominate_it_asks_for_no_mentor(world, now):
    other = make_enrolment(world.programme)
    with pytest.raises(ValidationError) as refused:
        services.ask_for_mentor(by=world.coordinator, idea=world.ideas[0], enrolment=other, now=now)
    assert refused.value.message_dict == {"enrolment": ["She did not nominate this idea."]}


def test_the_page_asks_and_shows_who_is_found(client, world):
    idea = world.ideas[0]
    client.force_login(world.coordinator)
    page = client.get(url("idea_ask", idea.pk)).content.decode()
    assert "Sušara za šljive: Zajednička sušara" in page
    said = {"enrolment": world.enrolment.pk, "functions": ["export"], "text": "Buyers in Bosnia"}
    assert client.post(url("idea_ask", idea.pk), said).status_code == 302
    need = Asked.objects.get(idea=idea).need
    assert (need.text, need.functions) == ("Buyers in Bosnia", ["export"])
    mentor = make_mentor(world.programme, person=make_person(world.programme.tenant, name="Rada Vukov"))
    make_assignment(mentor, world.enrolment, need=need, state="offered")
    page = client.get(url("idea_detail", idea.pk)).content.decode()
    assert "A mentor is asked for, for Nevenka Zlatiborac" in page
    assert "Rada Vukov</a>: offered" in page
    client.force_login(world.trainer)
    assert client.get(url("idea_ask", idea.pk)).status_code == 403
    client.force_login(make_coordinator(make_programme()))
    assert client.get(url("idea_ask", idea.pk)).status_code == 404


def test_asking_over_the_api(client, world):
    client.force_login(world.coordinator)
    said = {"enrolment": world.enrolment.pk}
    path = f"/api/v1/ideas/{world.ideas[0].pk}/asking/"
    first, again = [client.post(path, said, content_type="application/json") for _twice in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["need"] == Need.objects.get().pk
    assert [row["id"] for row in client.get("/api/v1/asked/").json()["results"]] == [first.json()["id"]]


# --- bad input


@pytest.mark.parametrize("field", ["title", "summary", "problem", "customer", "note"])
def test_an_idea_of_a_megabyte_is_refused_with_the_field(client, world, field):
    client.force_login(world.trainer)
    said = {"title": "A title"} | {field: "ж" * 1_000_000}
    answer = client.post(url("idea_edit", world.ideas[0].pk), said)
    assert answer.status_code == 200
    assert "Ensure this value has at most" in answer.content.decode()
    world.ideas[0].refresh_from_db()
    assert world.ideas[0].text.version == 1


def test_an_empty_title_is_refused(client, world):
    client.force_login(world.trainer)
    answer = client.post(url("idea_edit", world.ideas[0].pk), {"title": " \u200b "})
    assert world.ideas[0].texts.count() == 1, answer.content.decode()
