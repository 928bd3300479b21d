from pathlib import Path

from protocols.reference import field_rows, json_schema, markdown_table
from protocols.schema import Protocol

DOCS = Path(__file__).parents[2] / "docs"


def test_the_documented_table_is_the_one_of_the_schema():
    page = (DOCS / "protocols.md").read_text("utf-8")
    assert markdown_table() in page, "paste the output of 'acclimate protocol schema --table' into docs/protocols.md"


def test_the_json_schema_refuses_unknown_keys_and_describes_fields():
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"schema_version", "name", "title", "scene", "mode", "policy"}
    assert schema["$defs"]["Steps"]["properties"]["calm_at"]["maximum"] == 95
    assert schema["$defs"]["Steps"]["additionalProperties"] is False


def test_the_table_has_every_field_once():
    paths = [row.path for row in field_rows()]
    assert len(paths) == len(set(paths))
    assert {path for path in paths if "." not in path} == set(Protocol.model_fields)
