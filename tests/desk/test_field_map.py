"""No field of any model is without its line, and no line without its field."""

from desk.field_map import field_map, model_fields


def test_every_field_has_a_line_and_every_line_a_field():
    print(f"{len(field_map())} fields in the map")
    assert set(field_map()) == model_fields()


def test_what_names_a_person_does_not_survive_erasing_her():
    kept = [line.field for line in field_map().values() if line.erase == "keep"]
    telling = ("name", "name_key", "email", "phone", "born", "municipality", "user", "source_id")
    assert [
        field for field in kept if field.startswith("people.Person.") and field.split(".")[-1] in telling
    ] == []


def test_free_text_about_people_is_emptied():
    empty = {line.field for line in field_map().values() if line.erase == "empty"}
    assert {"mentoring.Meeting.topic", "ideas.Review.comment", "training.SessionLog.text"} <= empty
