//! Rows for files, and templates of them.

use crate::world::World;
use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use webex_sandbox::PersonView;

/// The location of the tests.
pub const PLACE: &str = "Manchester Deansgate";
/// The calling licence of the tests.
pub const LICENCE: &str = "Webex Calling - Professional";

/// People who fail on purpose or whose token is in use.
const TRAPS: [&str; 6] = [
    "sentinel.",
    "admin@",
    "auditor@",
    "user.admin@",
    "helpdesk@",
    "second.admin@",
];

/// One row for a file, and the person it is about.
#[derive(Debug, Clone)]
pub struct FileRow {
    pub ext_key: String,
    pub person: PersonView,
    pub number: Option<String>,
}

/// What a template gives besides extension and number.
#[derive(Debug, Clone, Default)]
pub struct Gifts {
    /// Names of add-ons.
    pub add_ons: Vec<&'static str>,
}

impl World {
    /// `count` rows with people who have nothing yet, free extensions, and free numbers for every second of them.
    pub fn rows(&self, count: usize) -> Vec<FileRow> {
        let at_place: BTreeSet<String> = self
            .sandbox
            .numbers()
            .into_iter()
            .filter(|line| line.location_name == PLACE)
            .filter_map(|line| line.extension)
            .collect();
        let mut extensions = (6000..9999)
            .map(|extension: u32| extension.to_string())
            .filter(|extension| !at_place.contains(extension));
        let mut numbers = self
            .sandbox
            .numbers()
            .into_iter()
            .filter(|line| line.location_name == PLACE && line.active && line.owner_type.is_none())
            .filter_map(|line| line.number);
        let rows: Vec<FileRow> = self
            .free_people()
            .into_iter()
            .take(count)
            .enumerate()
            .map(|(at, person)| FileRow {
                ext_key: extensions.next().expect("a free extension"),
                person,
                number: (at % 2 == 1).then(|| numbers.next().expect("a free number")),
            })
            .collect();
        assert_eq!(
            rows.len(),
            count,
            "the sandbox has too few people without calling"
        );
        rows
    }

    /// People without any calling licence who are nobody's trap.
    pub fn free_people(&self) -> Vec<PersonView> {
        self.sandbox
            .people()
            .into_iter()
            .filter(|person| {
                person.extension.is_none()
                    && person.location.is_none()
                    && !TRAPS.iter().any(|trap| person.email.starts_with(trap))
                    && !person
                        .licence_names
                        .iter()
                        .any(|name| name.contains("Calling") || name.contains("Attendant"))
            })
            .collect()
    }

    /// Id of a licence by its name, the first of that name.
    pub fn licence(&self, name: &str) -> Value {
        let licence = self
            .sandbox
            .licences()
            .into_iter()
            .find(|licence| licence.name == name)
            .expect("a licence of that name");
        json!({ "id": licence.id, "name": licence.name })
    }

    pub fn place(&self) -> Value {
        let line = self
            .sandbox
            .numbers()
            .into_iter()
            .find(|line| line.location_name == PLACE)
            .expect("a line there");
        json!({ "id": line.location, "name": PLACE })
    }

    /// A template of `rows`, by UUID.
    pub async fn template(&self, rows: &[FileRow], gifts: &Gifts) -> String {
        let mut file = String::from("Ext Key,Identity UUID,Number\r\n");
        for row in rows {
            file.push_str(&format!(
                "{},{},{}\r\n",
                row.ext_key,
                row.person.uuid,
                row.number.as_deref().unwrap_or_default()
            ));
        }
        self.template_of(&file, gifts).await
    }

    /// A template of a file's text.
    pub async fn template_of(&self, file: &str, gifts: &Gifts) -> String {
        let add_ons: Vec<Value> = gifts.add_ons.iter().map(|name| self.licence(name)).collect();
        let fields = json!({
            "name": "Autumn move", "organisation": self.organisation, "location": self.place(),
            "callingLicence": self.licence(LICENCE), "addOns": add_ons,
        });
        let template = self
            .call("bulkAssignments.create", json!({ "fields": fields }))
            .await;
        let template = template["id"].as_str().unwrap().to_owned();
        let file = json!({ "kind": "content", "name": "users.csv", "base64": base64::engine::general_purpose::STANDARD.encode(file) });
        let check = self
            .call(
                "bulkAssignments.addFiles",
                json!({ "template": template, "files": [file] }),
            )
            .await;
        assert_eq!(check["errors"], 0, "{check:#}");
        template
    }
}
