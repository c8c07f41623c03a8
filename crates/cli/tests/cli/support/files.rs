//! Bulk files made of what a sandbox holds, and reports read back.

use super::sandbox::SandboxProcess;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;

pub const LOCATION: &str = "Manchester Deansgate";
pub const BY_NAME: &str = "Ext Key,User's Name,Number\n";
pub const BY_UUID: &str = "Ext Key,Identity UUID,Number\n";

/// One row that will be right: a user without calling, a free extension, perhaps a free number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub ext: String,
    pub name: String,
    pub uuid: String,
    pub email: String,
    pub number: Option<String>,
}

/// A text field of an object.
#[track_caller]
pub fn field<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text {name} in {object}"))
}

/// Rows for users without calling who answer to the first try, leaving out the first `skip` of them. Every second row has a number.
pub fn rows(sandbox: &SandboxProcess, skip: usize, count: usize) -> Vec<Row> {
    let numbers = sandbox.numbers();
    let here = |number: &&Value| number["location_name"] == LOCATION;
    let taken: HashSet<&str> = numbers
        .iter()
        .filter(here)
        .filter_map(|number| number["extension"].as_str())
        .collect();
    let mut free = numbers
        .iter()
        .filter(here)
        .filter(|number| number["active"] == true && number["owner_type"].is_null())
        .filter_map(|number| number["number"].as_str())
        .skip(skip / 2);
    let mut extensions = (5000..9999)
        .map(|extension: u32| extension.to_string())
        .filter(|extension| !taken.contains(extension.as_str()))
        .skip(skip);
    let ordinary = |person: &&Value| {
        let email = field(person, "email");
        ![
            "sentinel.",
            "admin",
            "auditor",
            "helpdesk",
            "user.admin",
            "second.admin",
        ]
        .iter()
        .any(|begin| email.starts_with(begin))
    };
    let rows: Vec<Row> = sandbox
        .people("?calling=false")
        .iter()
        .filter(ordinary)
        .skip(skip)
        .take(count)
        .enumerate()
        .map(|(position, person)| Row {
            ext: extensions.next().expect("a free extension"),
            name: field(person, "display_name").to_owned(),
            uuid: field(person, "uuid").to_owned(),
            email: field(person, "email").to_owned(),
            number: (position % 2 == 0).then(|| free.next().expect("a free number").to_owned()),
        })
        .collect();
    assert_eq!(rows.len(), count, "the seed has enough users without calling");
    rows
}

pub fn by_name(rows: &[Row]) -> String {
    csv_of(BY_NAME, rows, |row| &row.name)
}

pub fn by_uuid(rows: &[Row]) -> String {
    csv_of(BY_UUID, rows, |row| &row.uuid)
}

fn csv_of(header: &str, rows: &[Row], identity: impl Fn(&Row) -> &String) -> String {
    let mut csv = header.to_owned();
    for row in rows {
        let _ = writeln!(
            csv,
            "{},\"{}\",{}",
            row.ext,
            identity(row).replace('"', "\"\""),
            row.number.as_deref().unwrap_or_default()
        );
    }
    csv
}

/// The id of a licence by name; the first where a name occurs twice.
pub fn licence(sandbox: &SandboxProcess, name: &str) -> String {
    let licences = sandbox.licences();
    let found = licences
        .iter()
        .find(|licence| licence["name"] == name)
        .unwrap_or_else(|| panic!("no licence {name} in {licences:?}"));
    field(found, "id").to_owned()
}

/// A report: header, and rows as they stand.
pub struct Report {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Report {
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let header = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        let rows = reader
            .records()
            .map(|record| {
                record
                    .expect("a row of the report")
                    .iter()
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        Self { header, rows }
    }

    /// The cell of a row under a heading.
    #[track_caller]
    pub fn cell<'a>(&self, row: &'a [String], heading: &str) -> &'a str {
        let position = self
            .header
            .iter()
            .position(|have| have == heading)
            .unwrap_or_else(|| panic!("no {heading} in {:?}", self.header));
        &row[position]
    }

    /// All cells under a heading.
    pub fn column(&self, heading: &str) -> Vec<&str> {
        self.rows.iter().map(|row| self.cell(row, heading)).collect()
    }
}
