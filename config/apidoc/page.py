"""From the OpenAPI description to what a page shows: values in, values out."""

import json
from typing import NamedTuple

from config.apidoc.words import ONE

SHARED = ("400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "429")


class Field(NamedTuple):
    """One field of a body or one parameter, in words."""

    name: str
    type: str
    is_required: bool
    about: str


class Answer(NamedTuple):
    code: str
    about: str
    fields: list[Field]
    example: str


class Operation(NamedTuple):
    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    headers: list[Field]
    body: list[Field]
    example: str
    answers: list[Answer]
    refusals: list[str]


class Resource(NamedTuple):
    name: str
    about: str
    operations: list[Operation]


class Room(NamedTuple):
    name: str
    anchor: str
    resources: list[Resource]


def rooms(schema: dict) -> list[Room]:
    """Everything in the order of the rooms, and inside of the addresses."""
    parts = schema["components"]["schemas"]
    found: dict[str, dict[str, Resource]] = {tag["name"]: {} for tag in schema["tags"]}
    for path, methods in schema["paths"].items():
        name = path.removeprefix("/api/v1/").split("/")[0]
        for method, said in methods.items():
            resource = found[said["tags"][0]].setdefault(name, Resource(name, "", []))
            resource.operations.append(_operation(path, method, said, parts))
    return [
        Room(name, name.lower().replace(" ", "-"), [_headed(one) for one in resources.values()])
        for name, resources in found.items()
    ]


def _headed(resource: Resource) -> Resource:
    """What stands at each of its plain operations is said once, above them."""
    about = next((one.about for one in resource.operations if one.id.endswith("_list")), "")
    plain = [one._replace(about="") if one.about == about else one for one in resource.operations]
    return Resource(resource.name, about, plain)


def _operation(path: str, method: str, said: dict, parts: dict) -> Operation:
    taken = [_parameter(one) for one in said.get("parameters", []) if one["in"] in ("path", "query")]
    headers = [_parameter(one) for one in said.get("parameters", []) if one["in"] == "header"]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = [_answer(code, one, parts) for code, one in said["responses"].items() if code not in SHARED]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        about=said.get("description", ""),
        parameters=taken,
        headers=headers,
        body=fields(body.get("schema"), parts),
        example=_example(body),
        answers=answers,
        refusals=[code for code in said["responses"] if code in SHARED],
    )


def _parameter(said: dict) -> Field:
    return Field(
        said["name"], words(said["schema"]), said.get("required", False), said.get("description", "")
    )


def _answer(code: str, said: dict, parts: dict) -> Answer:
    content = said.get("content", {}).get("application/json", {})
    return Answer(code, said.get("description", ""), fields(content.get("schema"), parts), _example(content))


def _example(content: dict) -> str:
    for one in content.get("examples", {}).values():
        return json.dumps(one["value"], ensure_ascii=False, indent=1)
    return ""


def fields(schema: dict | None, parts: dict, prefix: str = "") -> list[Field]:
    """The fields of an object, those of objects inside with their way: `criteria[].weight`."""
    schema = resolved(schema or {}, parts)
    found = []
    for name, one in schema.get("properties", {}).items():
        inner = resolved(one, parts)
        required = name in schema.get("required", [])
        said = about(one, inner) or key_of(name, inner)
        found.append(Field(prefix + name, words(one, parts), required, said))
        deeper = resolved(inner.get("items", {}), parts) if inner.get("type") == "array" else inner
        if "properties" in deeper and prefix.count(".") < 2:
            ending = "[]." if inner.get("type") == "array" else "."
            found += fields(deeper, parts, f"{prefix}{name}{ending}")
    return found


def about(one: dict, inner: dict) -> str:
    """Its words; of a list of values, those that are told apart without it stand in its type."""
    said = one.get("description") or one.get("title") or inner.get("title") or ""
    return said if not said.startswith("* `") else ""


def key_of(name: str, schema: dict) -> str:
    """What a bare number or code names: `enrolment` is the key of an enrolment."""
    if name in ("programme", "project"):
        return f"Its code, as {name}s/ says it."
    is_key = schema.get("type") == "integer" or schema.get("items", {}).get("type") == "integer"
    resource = f"{name.removesuffix('s')}s"
    return f"The key of {ONE[resource]}." if is_key and resource in ONE else ""


def resolved(schema: dict, parts: dict) -> dict:
    if "$ref" in schema:
        return parts[schema["$ref"].rsplit("/", 1)[1]]
    for way in ("allOf", "oneOf", "anyOf"):
        if way in schema:
            first = resolved(schema[way][0], parts)
            return first | {k: v for k, v in schema.items() if k != way}
    return schema


def words(schema: dict, parts: dict | None = None) -> str:
    """What may stand there: `text, at most 200 signs`, `applied | enrolled`, `list of whole numbers`."""
    parts = parts or {}
    options = schema.get("oneOf") or schema.get("anyOf") or []
    values = [v for one in [schema, *options] for v in resolved(one, parts).get("enum", []) if v]
    inner = resolved(schema, parts)
    if values:
        said = " | ".join(map(str, values))
    elif inner.get("type") == "array":
        said = f"list of: {words(inner.get('items', {}), parts)}"
    else:
        said = _plain(inner)
    nullable = schema.get("nullable") or inner.get("nullable")
    return f"{said}, or null" if nullable else said


def _plain(schema: dict) -> str:
    names = {
        "date": "day, 2025-03-12",
        "date-time": "moment, 2025-03-12T09:00:00Z",
        "local-time": "time of day, 10:00",
        "uuid": "UUID",
        "email": "e-mail address",
        "uri": "address",
        "decimal": "decimal number, as text",
    }
    kinds = {"integer": "whole number", "number": "number", "boolean": "true or false", "object": "object"}
    said = names.get(schema.get("format", ""), kinds.get(schema.get("type", ""), "text"))
    if "minimum" in schema and "maximum" in schema and abs(schema["maximum"]) < 2**31:
        said += f", {schema['minimum']} to {schema['maximum']}"
    if "maxLength" in schema:
        said += f", at most {schema['maxLength']} signs"
    return said
