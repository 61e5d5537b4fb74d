//! The JSON Schema of scenario files, for completion and hints in editors.
//!
//! It is laxer than [`check`](crate::check::check) where an editor cannot know better: names are
//! not resolved, and since an overlay need not say all, keys are required of a file without `base`
//! at its root and of the entries of lists, which overlays replace whole.
use serde_json::{Map, Value, json};

use crate::document::{BASE, NOTE, SOURCE};
use crate::number::{DRAWN, OVER_RANGE};
use crate::spec::{Field, Kind, Need, Quantity, TableSpec};

/// Names that a scenario declares.
const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// The schema of files whose root is the given table.
pub fn json_schema(spec: &'static TableSpec) -> Value {
    let mut definitions = Map::new();
    let mut work = vec![spec];
    while let Some(table) = work.pop() {
        if definitions.contains_key(table.name) {
            continue;
        }
        definitions.insert(table.name.to_owned(), table_schema(table));
        work.extend(table.fields.iter().rev().filter_map(|field| field.kind.inner()));
    }
    // The root alone may build on another file, so it is written out and not referred to.
    let mut root = definitions.remove(spec.name).unwrap_or_default();
    let base = described(json!({ "type": "string" }), "The scenario file that this one builds on.");
    root["properties"][BASE] = base;
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!(spec.name);
    root["if"] = json!({ "not": { "required": [BASE] } });
    root["then"] = json!({ "required": required(spec) });
    root["$defs"] = Value::Object(definitions);
    root
}

fn table_schema(spec: &'static TableSpec) -> Value {
    let mut properties = Map::new();
    for field in spec.fields {
        properties.insert(field.key.to_owned(), field_schema(field));
    }
    let mut schema = object(Value::Object(properties));
    schema["description"] = json!(spec.doc);
    schema
}

/// A table with these keys, with `source` and `note`, and with no others.
fn object(mut properties: Value) -> Value {
    let source = "Where the numbers in here come from: ids with commas between, or assumed.";
    properties[SOURCE] = described(json!({ "type": "string" }), source);
    properties[NOTE] = described(json!({ "type": "string" }), "A remark.");
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A table whose keys are declared names.
fn named_object(entry: Value) -> Value {
    let mut schema = object(json!({}));
    schema["additionalProperties"] = entry;
    schema["propertyNames"] = json!({ "pattern": KEBAB });
    schema
}

fn field_schema(field: &Field) -> Value {
    let schema = described(kind_schema(&field.kind), field.doc);
    match field.kind {
        Kind::Choice(words) => with_meanings(schema, field.doc, words),
        Kind::Number(quantity) | Kind::NumberPer { quantity, .. } => {
            let doc = format!("{} [{}, {}]", field.doc, quantity.unit, quantity.interval());
            described(schema, &doc)
        }
        _ => schema,
    }
}

fn kind_schema(kind: &Kind) -> Value {
    match kind {
        Kind::Number(quantity) => number_schema(quantity),
        Kind::Numbers(quantity) => list(number_schema(quantity)),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Text | Kind::Prose => json!({ "type": "string", "minLength": 1 }),
        Kind::Flag => json!({ "type": "boolean" }),
        // A date of TOML reaches the schema as a text; one without offset is no `date-time`.
        Kind::Moment => json!({ "type": "string" }),
        Kind::Choice(words) => {
            json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
        }
        Kind::Name(_) => name(),
        Kind::Names(_) => list(name()),
        Kind::Table(of) => reference(of),
        Kind::Map { of, max, .. } => {
            let mut schema = named_object(reference(of));
            // `source` and `note` count as keys, too.
            schema["maxProperties"] = json!(max.saturating_add(2));
            schema
        }
        Kind::List { of, max } => {
            let mut item = reference(of);
            item["required"] = json!(required(of));
            json!({ "type": "array", "items": item, "maxItems": max })
        }
        Kind::NumberPer { quantity, .. } => named_object(number_schema(quantity)),
        Kind::NumbersPer { quantity, .. } => named_object(list(number_schema(quantity))),
        Kind::TablePer { of, .. } => named_object(reference(of)),
        Kind::TablePerPer { of, .. } => named_object(named_object(reference(of))),
        Kind::RungPer => named_object(json!({ "type": "string", "minLength": 1 })),
    }
}

/// The three forms of a number; no value fits two of them.
fn number_schema(quantity: &Quantity) -> Value {
    let plain = plain_number(quantity);
    let pair = json!({ "type": "array", "items": plain, "minItems": 2, "maxItems": 2 });
    let mut reference = object(json!({
        "value": plain, "range": pair, "distribution": { "enum": OVER_RANGE },
    }));
    reference["required"] = json!(["value"]);
    let spread = json!({ "type": "number", "exclusiveMinimum": 0 });
    let mut drawn = object(json!({
        "distribution": { "enum": DRAWN }, "low": plain, "mode": plain, "high": plain,
        "mean": plain, "sd": spread,
    }));
    drawn["required"] = json!(["distribution", "low", "high"]);
    json!({ "oneOf": [plain, reference, drawn] })
}

fn plain_number(quantity: &Quantity) -> Value {
    let mut schema = json!({ "type": "number" });
    for (key, bound) in [("minimum", quantity.min), ("maximum", quantity.max)] {
        if bound.is_finite() {
            schema[key] = json!(bound);
        }
    }
    schema
}

fn name() -> Value {
    json!({ "type": "string", "pattern": KEBAB })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn reference(spec: &TableSpec) -> Value {
    json!({ "$ref": format!("#/$defs/{}", spec.name) })
}

fn described(mut schema: Value, doc: &str) -> Value {
    schema["description"] = json!(doc);
    schema
}

/// The meanings of words, for people in the description and for the editor taplo beside them.
fn with_meanings(mut schema: Value, doc: &str, words: &[(&str, &str)]) -> Value {
    let meanings: Vec<&str> = words.iter().map(|(_, meaning)| *meaning).collect();
    let lines: String = words.iter().map(|(word, is)| format!("\n- `{word}`: {is}")).collect();
    schema["description"] = json!(format!("{doc}\n{lines}"));
    schema["x-taplo"] = json!({ "docs": { "enumValues": meanings } });
    schema
}

fn required(spec: &TableSpec) -> Vec<&'static str> {
    let fields = spec.fields.iter().filter(|field| field.need == Need::Required);
    fields.map(|field| field.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SPEC;

    #[test]
    fn every_reference_is_defined_and_every_field_described() {
        let schema = json_schema(&SPEC);
        let text = schema.to_string();
        for part in text.split("#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
        for table in schema["$defs"].as_object().unwrap().values().chain([&schema]) {
            for (key, field) in table["properties"].as_object().unwrap() {
                assert!(field["description"].is_string(), "{key}");
            }
        }
    }

    #[test]
    fn the_schema_says_what_the_spec_says() {
        let schema = json_schema(&SPEC);
        assert_eq!(schema["then"]["required"], json!(["title", "parties", "issues"]));
        assert_eq!(schema["properties"]["grade"]["enum"], json!(["toy", "plausible"]));
        assert_eq!(schema["properties"]["shocks"]["items"]["required"], json!(["party", "after"]));
        let patience = &schema["$defs"]["party"]["properties"]["patience"]["oneOf"];
        assert_eq!(patience[0], json!({ "type": "number", "minimum": 0.0, "maximum": 1.0 }));
        assert_eq!(patience[1]["additionalProperties"], json!(false));
    }
}
