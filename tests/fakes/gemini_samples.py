"""Values that keep a JSON schema."""

from typing import Any


def sample(schema: dict[str, Any], defs: dict[str, Any] | None = None, name: str = "value") -> Any:
    """Return the smallest value that keeps a JSON schema; texts are named after their field."""
    defs = defs or schema.get("$defs") or {}
    if "$ref" in schema:
        return sample(defs[schema["$ref"].rpartition("/")[2]], defs, name)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    for either in ("anyOf", "oneOf", "allOf"):
        if schema.get(either):
            return sample(schema[either][0], defs, name)
    kind = schema.get("type", "object")
    return _plain((kind[0] if isinstance(kind, list) else kind).lower(), schema, defs, name)


def _plain(kind: str, schema: dict[str, Any], defs: dict[str, Any], name: str) -> Any:
    match kind:
        case "object":
            return {key: sample(inner, defs, key) for key, inner in (schema.get("properties") or {}).items()}
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {})] * max(1, schema.get("minItems", 1))
            return [sample(inner, defs, name) for inner in items]
        case "string":
            return f"sample {name}".ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]
        case "integer":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "number":
            return float(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 0.5))
        case "boolean":
            return True
        case _:
            return None
