//! Exports: what a teacher takes home from a class.
//!
//! Of people only what they did is told, never what their side came to: a grade for payoff would
//! reward who was dealt the better hand.

use demarche_record::calendar::Calendar;
use demarche_record::decision::{Decision, Input};
use demarche_record::legible;
use demarche_record::transcript::tell;
use demarche_record::wording::{self, Lying};
use demarche_seat::brief::seat_name;

use crate::class::Class;
use crate::pages::words::seat_words;
use crate::store::KeptInput;
use crate::talk;

/// Something that is taken home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The name of its file.
    pub file: String,
    /// What kind of text it is.
    pub kind: &'static str,
    /// The text.
    pub text: String,
}

/// What can be taken home of a class, by the names of the files.
#[must_use]
pub fn names(class: &Class) -> Vec<String> {
    let tables = (1..=class.tables().len())
        .flat_map(|at| [format!("table-{at}.txt"), format!("table-{at}.jsonl")]);
    let lists = ["decisions.csv", "messages.csv", "activity.csv"].map(str::to_owned);
    tables.chain(lists).collect()
}

/// Makes an export; nothing where there is none of that name. `with_names` says whether people are
/// told by their names, or by numbers.
#[must_use]
pub fn export(class: &Class, file: &str, with_names: bool) -> Option<Export> {
    let known = names(class).into_iter().find(|name| name == file)?;
    let who = |person: Option<i64>| match person {
        None => String::new(),
        Some(id) if with_names => class.person(id).map_or(String::new(), |of| of.name.clone()),
        Some(id) => format!("person {id}"),
    };
    let (kind, text) = match file {
        "decisions.csv" => ("text/csv", decisions(class, &who)?),
        "messages.csv" => ("text/csv", messages(class, &who)),
        "activity.csv" => ("text/csv", activity(class, &who)?),
        _ => {
            let number = file.strip_prefix("table-")?.split('.').next()?;
            let table = class.tables().get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
            let (record, cast) = (table.record(), &table.scenario().cast);
            match file.ends_with(".txt") {
                true => ("text/plain", tell(&record, cast, 80, None)),
                false => ("application/x-ndjson", record.to_lines(cast)),
            }
        }
    };
    Some(Export { file: known, kind, text })
}

/// A cell that a spreadsheet takes for text, whatever somebody wrote and whatever it takes for the
/// end of a cell: in quotes, and with a mark before what looks like a formula.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    let mut begins = true;
    for c in legible::seen(text).chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            cell.push('\'');
        }
        begins = matches!(c, ',' | ';' | '|' | '\n') || begins && c.is_whitespace();
        cell.push(c);
    }
    cell
}

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer.quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    let write = |writer: &mut csv::Writer<Vec<u8>>, row: &[String]| {
        writer.write_record(row.iter().map(|text| cell(text))).expect("memory takes all");
    };
    write(&mut writer, &heads.map(str::to_owned));
    rows.for_each(|row| write(&mut writer, &row));
    let bytes = writer.into_inner().expect("memory takes all");
    String::from_utf8(bytes).expect("it is made of text")
}

fn decisions(class: &Class, who: &dyn Fn(Option<i64>) -> String) -> Option<String> {
    let cast = &class.scenario().cast;
    let calendar = Calendar::new(cast);
    let row = |kept: &KeptInput| {
        let input = kept.input(cast)?;
        let (seat, what) = match &input {
            Input::Decided { seat, decision, .. } => {
                (Some(*seat), wording::decision(cast, decision, Lying::Text).act)
            }
            Input::Left { seat, .. } => (Some(*seat), "left it to the computer".to_owned()),
            Input::Handed { seat, outside: true, .. } => (Some(*seat), "took the seat".to_owned()),
            Input::Handed { seat, .. } => (Some(*seat), "handed it to the computer".to_owned()),
            Input::Injected { shock, .. } => (None, format!("let in: {}", cast.shock(*shock))),
            Input::Announced { words, .. } => (None, format!("told: {}", words.as_str())),
            Input::Extended { by_turns, .. } => {
                (None, format!("made the round longer by {by_turns} turns"))
            }
        };
        Some([
            (kept.at + 1).to_string(),
            input.turn().to_string(),
            calendar.moment(input.turn()),
            seat.map_or(String::new(), |seat| seat_name(cast, seat)),
            who(kept.person),
            what,
            if kept.is_undone { "taken back" } else { "" }.to_owned(),
        ])
    };
    let kept = class.all_inputs().ok()?;
    let heads = ["table", "turn", "when", "seat", "who", "what", "then"];
    Some(table(heads, kept.iter().filter_map(row)))
}

fn messages(class: &Class, who: &dyn Fn(Option<i64>) -> String) -> String {
    let calendar = Calendar::new(&class.scenario().cast);
    let all = (0..class.tables().len()).flat_map(|at| class.messages(at));
    let all = all.filter(|message| !message.is_answer());
    let row = |message: &crate::talk::Message| {
        [
            (message.at + 1).to_string(),
            message.turn.to_string(),
            calendar.moment(message.turn),
            seat_words(class.scenario(), &message.seat),
            who(Some(message.person)),
            talk::outside(class.scenario(), &message.channel),
            message.text.clone(),
        ]
    };
    table(["table", "turn", "when", "seat", "who", "to", "text"], all.map(row))
}

/// What each person did: decisions, offers among them, messages and their words.
fn activity(class: &Class, who: &dyn Fn(Option<i64>) -> String) -> Option<String> {
    let cast = &class.scenario().cast;
    let kept = class.all_inputs().ok()?;
    let row = |person: &crate::people::Person| {
        let own = kept.iter().filter(|of| of.person == Some(person.id));
        let decisions: Vec<Decision> = own
            .filter_map(|kept| match kept.input(cast)? {
                Input::Decided { decision, .. } => Some(decision),
                _ => None,
            })
            .collect();
        let acts = decisions.iter().filter(|of| !matches!(of, Decision::Hold { .. })).count();
        let is_offer =
            |of: &&Decision| matches!(of, Decision::Propose { .. } | Decision::TableText { .. });
        let all = (0..class.tables().len()).flat_map(|at| class.messages(at));
        let own = all.filter(|of| of.person == person.id && !of.is_answer());
        let said: Vec<&str> = own.map(|of| of.text.as_str()).collect();
        let n_words: usize = said.iter().map(|text| text.split_whitespace().count()).sum();
        let (at, seat) = class.chair(person.id).unzip();
        [
            who(Some(person.id)),
            at.map_or(String::new(), |at| (at + 1).to_string()),
            seat.map_or(String::new(), |seat| seat_name(cast, seat)),
            acts.to_string(),
            decisions.iter().filter(is_offer).count().to_string(),
            said.len().to_string(),
            n_words.to_string(),
        ]
    };
    let heads = ["who", "table", "seat", "acts", "offers and drafts", "messages", "words written"];
    Some(table(heads, class.people().iter().map(row)))
}

#[cfg(test)]
mod tests {
    use super::{cell, table};

    #[test]
    fn what_somebody_wrote_is_no_formula() {
        for text in ["=1+1", "+1", "-1", "@x", " =1", "\u{feff}=1", "\u{1}=1", "＝1+1"] {
            assert!(cell(text).trim_start().starts_with('\''), "{text}");
        }
        assert_eq!(cell("a\n=1"), "a\n'=1");
        let rows = [["a, b".to_owned(), "\"".to_owned()]];
        assert_eq!(table(["x", "y"], rows.into_iter()), "\"x\",\"y\"\n\"a, b\",\"\"\"\"\n");
    }
}
