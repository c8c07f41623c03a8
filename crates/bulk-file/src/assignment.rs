//! Rows as the planner takes them: normalised, and only those without an error.

use serde::{Deserialize, Serialize};

use crate::{
    check::Spot,
    document::Document,
    rules::{identity, number},
    text::trim,
};

/// Who a row is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Identity {
    /// Webex's `displayName`, trimmed, otherwise as written.
    Name(String),
    /// UUID in lower case with dashes.
    Uuid(String),
}

/// One row to assign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Index of the file.
    pub file: u32,
    /// Data row from 1.
    pub row: u32,
    /// Physical line from 1.
    pub line: u32,
    /// 3 to 5 digits.
    pub ext_key: String,
    /// The user.
    pub identity: Identity,
    /// Digits with the leading + the file gives them; none where the file has no number.
    pub number: Option<String>,
}

impl Document {
    /// The rows without an error of the file rules (members of a duplicate group have one), as the planner takes
    /// them. Empty while a file has an error that makes its columns unsure.
    pub fn assignments(&self) -> Vec<Assignment> {
        let wrong = self.rows_in_error();
        let mut out = Vec::with_capacity(self.starts.len());
        for row in 0..self.starts.len() as u32 {
            let at = row as usize;
            if wrong[at] || self.keys.ext[at] == 0 || self.keys.identity[at] == 0 || self.columns_unsure(row)
            {
                continue;
            }
            let value = |spot| self.value(row, spot).map(|v| trim(&v).to_owned());
            let (Some(ext_key), Some(user)) = (value(Spot::ExtKey), value(self.identity_spot(row))) else {
                continue;
            };
            let identity = match identity::user(&user) {
                identity::User::Uuid(uuid) => Identity::Uuid(uuid.to_string()),
                identity::User::Name(name) => Identity::Name(name.to_owned()),
            };
            let key = self.keys.number[at];
            let plus = if number::has_plus(key) { "+" } else { "" };
            let number = (key != 0).then(|| format!("{plus}{}", number::digits(key)));
            let place = self.place(row);
            out.push(Assignment {
                file: place.file,
                row: place.row,
                line: place.line,
                ext_key,
                identity,
                number,
            });
        }
        out
    }

    fn columns_unsure(&self, row: u32) -> bool {
        let file = &self.files[self.file_of(row)];
        file.problems
            .iter()
            .any(|i| i.severity == crate::code::Severity::Error)
    }
}
