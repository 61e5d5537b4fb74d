//! The dictionary of a table: its columns as JSON, for the metadata of a file, and as Markdown, for
//! a page of documentation.

use serde_json::{Map, Value, json};

use crate::schema::{Column, Kind, Range, Schema};

/// The key of the metadata of a Parquet file under which its dictionary stands, as one JSON text.
pub const COLUMNS_KEY: &str = "demarche.columns";

/// The version of the dictionary. It rises when a reader of the old one would misread the new one.
const VERSION: u64 = 1;

impl Schema {
    /// The dictionary as JSON: version, name and meaning of the table, and its columns in order.
    /// Ends of a range that are open are left out.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let columns: Vec<Value> = self.columns().iter().map(column_to_json).collect();
        json!({
            "version": VERSION,
            "table": self.name(),
            "meaning": self.meaning(),
            "columns": columns,
        })
    }

    /// The same as text, as files carry it.
    pub(crate) fn dictionary(&self) -> &str {
        self.dictionary.get_or_init(|| self.to_json().to_string())
    }

    /// The columns as a table of Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = "| column | kind | unit | range | may be empty | meaning |\n".to_owned();
        text.push_str("|---|---|---|---|---|---|\n");
        for column in self.columns() {
            let Column { key, kind, unit, meaning, may_be_empty, .. } = column;
            let range = escaped(&column.range.to_string());
            let (unit, meaning) = (escaped(unit), escaped(meaning));
            let (kind, empty) = (kind.word(), if *may_be_empty { "yes" } else { "no" });
            text.push_str(&format!(
                "| `{key}` | {kind} | {unit} | {range} | {empty} | {meaning} |\n"
            ));
        }
        text
    }

    /// Reads a dictionary.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
        let table = value.as_object().ok_or("it is no JSON object")?;
        match table.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => return Err(format!("it is of version {other}, not {VERSION}")),
            None => return Err("it has no version".to_owned()),
        }
        let columns = table.get("columns").and_then(Value::as_array).ok_or("it has no columns")?;
        let columns: Result<Vec<Column>, String> = columns.iter().map(column_of_json).collect();
        Self::checked(text_at(table, "table")?, text_at(table, "meaning")?, columns?)
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Said(text) => write!(f, "{text}"),
            Self::Between { low, high } => match (low.is_finite(), high.is_finite()) {
                (true, true) => write!(f, "{low} to {high}"),
                (true, false) => write!(f, "at least {low}"),
                (false, true) => write!(f, "at most {high}"),
                (false, false) => write!(f, "any"),
            },
        }
    }
}

/// A text as a cell of Markdown.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\r', '\n'], " ")
}

fn column_to_json(column: &Column) -> Value {
    let range = match &column.range {
        Range::Said(text) => Value::from(text.as_str()),
        Range::Between { low, high } => {
            let ends = [("low", *low), ("high", *high)];
            let ends = ends.into_iter().filter(|(_, end)| end.is_finite());
            Value::Object(ends.map(|(key, end)| (key.to_owned(), Value::from(end))).collect())
        }
    };
    json!({
        "key": column.key,
        "kind": column.kind.word(),
        "unit": column.unit,
        "range": range,
        "may-be-empty": column.may_be_empty,
        "meaning": column.meaning,
    })
}

fn column_of_json(value: &Value) -> Result<Column, String> {
    let column = value.as_object().ok_or("a column is no JSON object")?;
    let kind = text_at(column, "kind")?;
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind);
    let may_be_empty = column.get("may-be-empty").and_then(Value::as_bool);
    Ok(Column {
        key: text_at(column, "key")?.to_owned(),
        kind: kind.ok_or("a column is of no known kind")?,
        unit: text_at(column, "unit")?.to_owned(),
        range: range_of_json(column.get("range").unwrap_or(&Value::Null))?,
        meaning: text_at(column, "meaning")?.to_owned(),
        may_be_empty: may_be_empty.ok_or("a column does not say whether it may be empty")?,
    })
}

fn range_of_json(value: &Value) -> Result<Range, String> {
    let end = |ends: &Map<String, Value>, key: &str, open: f64| match ends.get(key) {
        None => Ok(open),
        Some(end) => end.as_f64().ok_or(format!("the end `{key}` of a range is no number")),
    };
    match value {
        Value::String(text) => Ok(Range::Said(text.clone())),
        Value::Object(ends) => Ok(Range::Between {
            low: end(ends, "low", f64::NEG_INFINITY)?,
            high: end(ends, "high", f64::INFINITY)?,
        }),
        _ => Err("a column has no range".to_owned()),
    }
}

fn text_at<'a>(map: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    map.get(key).and_then(Value::as_str).ok_or(format!("there is no text `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{column, schema};

    #[test]
    fn a_dictionary_is_read_as_it_was_written() {
        let schema = schema();
        assert_eq!(Schema::from_json(&schema.to_json().to_string()), Ok(schema));
    }

    #[test]
    fn every_part_of_a_dictionary_is_missed() {
        let whole = schema().to_json();
        let check = |fault: Result<Schema, String>, key: &str| assert!(fault.is_err(), "{key}");
        for key in ["version", "table", "meaning", "columns"] {
            let mut less = whole.clone();
            less.as_object_mut().unwrap().remove(key);
            check(Schema::from_json(&less.to_string()), key);
        }
        for key in ["key", "kind", "unit", "range", "may-be-empty", "meaning"] {
            let mut less = whole.clone();
            less["columns"][0].as_object_mut().unwrap().remove(key);
            check(Schema::from_json(&less.to_string()), key);
        }
        check(Schema::from_json("{"), "no JSON");
    }

    #[test]
    fn markdown_says_it_in_a_line_for_each_column() {
        let said = |text: &str| Range::Said(text.to_owned());
        let columns = vec![
            Column { range: Range::Between { low: 0.0, high: 1.0 }, ..column("a", Kind::Number) },
            Column { range: said("this | that"), may_be_empty: true, ..column("b", Kind::Word) },
        ];
        let text = Schema::new("runs", "a row for each run", columns).to_markdown();
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(lines[0], "| `a` | number | 1 | 0 to 1 | no | what it is |");
        assert_eq!(lines[1], "| `b` | word | 1 | this \\| that | yes | what it is |");
    }

    #[test]
    fn open_ends_are_left_out() {
        let range = Range::Between { low: 0.0, high: f64::INFINITY };
        let written = column_to_json(&Column { range: range.clone(), ..column("a", Kind::Whole) });
        assert_eq!(written["range"], json!({"low": 0.0}));
        assert_eq!(range_of_json(&written["range"]), Ok(range.clone()));
        assert_eq!(range.to_string(), "at least 0");
    }
}
