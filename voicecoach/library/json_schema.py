"""The tables of the format as a JSON Schema, for editors that complete and check while one types.

Law: nothing stands here that the tables do not say. A schema sees values only as YAML reads them,
so it accepts some of what `check` refuses; what it refuses, `check` refuses too, but for a number
or a switch that stands where a text is wanted.
"""

from __future__ import annotations

from typing import Any

from voicecoach.library.schema import (
    EXERCISE,
    FORM,
    FORMAT,
    PHASE,
    PROP,
    ROUTINE,
    SENTENCE,
    SENTENCES,
    Choice,
    Key,
    ListOf,
    Prescribed,
    Shape,
    Table,
    Text,
    Whole,
)

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMES: tuple[tuple[str, Shape], ...] = (
    ("sentence", SENTENCE),
    ("sentences", SENTENCES),
    ("prop", PROP),
    ("phase", PHASE),
    ("form", FORM),
    ("exercise", EXERCISE),
)
"""What is used in more than one place, or is large, has a name of its own."""

_RANGE = "[1-9][0-9]* ?[-\u2013] ?[1-9][0-9]*"


def json_schema() -> Schema:
    """The schema of a routine file, draft 2020-12."""
    return {
        "$schema": _DIALECT,
        "title": "A routine for voicecoach",
        "description": f"Format {FORMAT}; told with examples in routines/README.md.",
        **_table(ROUTINE),
        "$defs": {name: _shape(shape, named=False) for name, shape in _NAMES},
    }


def _shape(shape: Shape, *, named: bool = True) -> Schema:
    name = next((name for name, known in _NAMES if known == shape), None) if named else None
    if name is not None:
        return {"$ref": f"#/$defs/{name}"}
    match shape:
        case Text():
            return _text(shape)
        case Whole():
            return {"type": "integer", "minimum": shape.low, "maximum": shape.high}
        case Prescribed():
            return _prescribed(shape)
        case Choice():
            return {"enum": [option.value for option in shape.options]}
        case ListOf():
            return _list(shape)
        case Table():
            short = [_shape(key.shape) for key in shape.keys if key.name == shape.short]
            return {"anyOf": [*short, _table(shape)]} if short else _table(shape)


def _text(shape: Text) -> Schema:
    found: Schema = {"type": "string", "minLength": 1, "maxLength": shape.most}
    return found | ({"pattern": f"^{shape.pattern}$"} if shape.pattern else {})


def _prescribed(shape: Prescribed) -> Schema:
    forms = [_shape(shape.whole), {"type": "string", "pattern": f"^{_RANGE}$"}]
    if shape.breaths:
        forms.append({"type": "string", "pattern": f"^([1-9][0-9]*|{_RANGE}) breaths?$"})
    words = (["ask"] if shape.ask else []) + ([shape.phrase] if shape.phrase else [])
    return {"anyOf": [*forms, {"enum": words}] if words else forms}


def _list(shape: ListOf) -> Schema:
    item = _shape(shape.item)
    many = {"type": "array", "items": item, "minItems": 1, "maxItems": shape.most}
    forms = ([{"const": shape.phrase}] if shape.phrase else []) + ([item] if shape.single else [])
    return {"anyOf": [*forms, many]} if forms else many


def _table(table: Table) -> Schema:
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in table.keys},
        "required": [key.name for key in table.keys if key.missing and not key.unless],
    }
    rules: list[Schema] = [
        {"anyOf": [{"required": [name]} for name in (key.name, *key.unless)]}
        for key in table.keys
        if key.missing and key.unless
    ]
    rules += [{"not": {"required": list(pair)}} for pair in table.apart]
    if table.least:
        found["minProperties"] = 1
    return found | ({"allOf": rules} if rules else {})


def _key(key: Key) -> Schema:
    default = {} if key.default is None else {"default": key.default}
    shape = _shape(key.shape)
    return {"description": key.note, **default, **shape}
