//! The table of parameters of docs/PARAMETERS.md: every number that a scenario may state.
use crate::document::join;
use crate::spec::{Kind, Quantity, TableSpec};

/// A row of the table of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Where it stands, with names in angle brackets: `parties.<party>.patience`.
    pub path: String,
    /// Its letter in MODEL.md; empty for whole numbers.
    pub symbol: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Where it must lie.
    pub range: String,
    /// Where it plausibly lies.
    pub assumed: Option<(f64, f64)>,
    /// What it means.
    pub doc: &'static str,
}

/// Tables within tables beyond this depth would be a spec that contains itself.
const DEEPEST: usize = 12;

/// All numbers of a spec, in its order.
pub fn parameters(spec: &'static TableSpec) -> Vec<Parameter> {
    let mut rows = Vec::new();
    let root = Step { kind: Kind::Table(spec), path: String::new(), doc: spec.doc, depth: 0 };
    let mut work = vec![root];
    while let Some(step) = work.pop() {
        rows.extend(row(&step));
        if let (Some(inner), true) = (step.kind.inner(), step.depth < DEEPEST) {
            let path = step.inner_path();
            work.extend(inner.fields.iter().rev().map(|field| Step {
                kind: field.kind,
                path: join(&path, field.key),
                doc: field.doc,
                depth: step.depth + 1,
            }));
        }
    }
    rows
}

struct Step {
    kind: Kind,
    path: String,
    doc: &'static str,
    depth: usize,
}

impl Step {
    /// The path of the tables that a value of this kind holds.
    fn inner_path(&self) -> String {
        match self.kind {
            Kind::Map { register, .. } | Kind::TablePer { register, .. } => {
                format!("{}.<{}>", self.path, register.noun())
            }
            Kind::TablePerPer { outer, inner, .. } => {
                format!("{}.<{}>.<{}>", self.path, outer.noun(), inner.noun())
            }
            Kind::List { .. } => format!("{}[]", self.path),
            _ => self.path.clone(),
        }
    }
}

fn row(step: &Step) -> Option<Parameter> {
    let quantity = |path: String, quantity: Quantity| Parameter {
        path,
        symbol: quantity.symbol,
        unit: quantity.unit,
        range: quantity.interval(),
        assumed: quantity.assumed,
        doc: step.doc,
    };
    let path = &step.path;
    match step.kind {
        Kind::Number(q) => Some(quantity(path.clone(), q)),
        Kind::Numbers(q) => Some(quantity(format!("{path}[]"), q)),
        Kind::NumberPer { register, quantity: q } => {
            Some(quantity(format!("{path}.<{}>", register.noun()), q))
        }
        Kind::NumbersPer { register, quantity: q } => {
            Some(quantity(format!("{path}.<{}>[]", register.noun()), q))
        }
        Kind::Whole { min, max } => {
            let (path, range) = (path.clone(), format!("[{min}, {max}]"));
            Some(Parameter { path, symbol: "", unit: "1", range, assumed: None, doc: step.doc })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SPEC;

    #[test]
    fn every_number_has_a_row() {
        let line = |p: &Parameter| format!("{} {} [{}] {}", p.path, p.symbol, p.unit, p.range);
        let rows: Vec<String> = parameters(&SPEC).iter().map(line).collect();
        insta::assert_snapshot!(rows.join("\n"), @r##"
            turns  [1] [1, 100]
            levels[] s [1] [0, 1]
            parties.<party>.patience s [1] [0, 1]
            parties.<party>.stakes.<issue> s [1] [0, 1]
            parties.<party>.values.<issue>[] s [1] [0, 1]
            parties.<party>.constituencies.<constituency>.weight s [1] [0, 1]
            shocks[].after d [days] [0, ∞)
            clock.day d [days] [0, ∞)
            "##);
    }
}
