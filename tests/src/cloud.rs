//! What happens in the simulated Webex beside Patchbay's own requests: other administrators, and faults.

use crate::http;
use crate::templates::{FileRow, LICENCE};
use crate::world::World;
use serde_json::{Value, json};
use webex_sandbox::{Effect, Fault, FaultBody, JournalEntry, Matcher, PersonView, When};

impl World {
    /// Another administrator's request, past the journal's view of Patchbay.
    pub async fn somebody_else(&self, method: &str, path: &str, body: Option<&Value>) {
        let url = format!("{}{path}", self.sandbox.root_url());
        let answer = http::send(method, &url, Some(&self.sandbox.access_token()), body).await;
        assert!((200..300).contains(&answer.status), "{answer:?}");
    }

    /// Somebody else gives `person` an extension here.
    pub async fn somebody_assigns(&self, person: &PersonView, extension: &str) {
        let properties = json!({ "locationId": self.place()["id"], "extension": extension });
        let licence =
            json!({ "id": self.licence(LICENCE)["id"], "operation": "add", "properties": properties });
        let body = json!({ "personId": person.id, "licenses": [licence] });
        self.somebody_else("PATCH", "/v1/licenses/users", Some(&body))
            .await;
    }

    /// A fault of the assignment of these people, each struck once.
    pub fn strike(&self, rows: &[FileRow], effect: &Effect) {
        for row in rows {
            self.sandbox
                .add_fault(Fault::on_assignment(effect.clone()).for_person(&row.person.uuid));
        }
    }

    /// Somebody else takes what is left of a licence when the assignment of this number comes.
    pub fn empties_pool(&self, licence: &str, at: u64) {
        let effect = Effect::EmptyPool {
            licence: licence.to_owned(),
        };
        self.sandbox.add_fault(Fault::on_assignment(effect).from_nth(at));
    }

    /// Units bought of the first licence of that name.
    pub fn units(&self, licence: &str) -> u64 {
        let mut licences = self.sandbox.licences().into_iter();
        licences
            .find(|known| known.name == licence)
            .expect("a licence of that name")
            .total
    }

    /// Somebody buys units of the first licence of that name, or gives some back.
    pub fn set_units(&self, licence: &str, total: u64) {
        let id = self.licence(licence)["id"].as_str().unwrap().to_owned();
        assert!(self.sandbox.set_licence_total(&id, total));
    }

    /// Requests that Patchbay sent.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.sandbox
            .journal()
            .into_iter()
            .filter(|entry| entry.token.as_deref() != Some("admin"))
            .collect()
    }

    /// Assignments that Patchbay sent, in order.
    pub fn assignments(&self) -> Vec<JournalEntry> {
        self.journal()
            .into_iter()
            .filter(|entry| entry.method == "PATCH" && entry.path == "/v1/licenses/users")
            .collect()
    }
}

/// Another answer, without a word on when to come again.
pub fn answer(status: u16, when: When, body: FaultBody) -> Effect {
    Effect::Status {
        status,
        when,
        retry_after: None,
        retry_after_date: None,
        body,
    }
}

/// A fault of every assignment.
pub fn every_assignment(effect: Effect) -> Fault {
    Fault::on_assignment(effect).times(None)
}

/// A fault that strikes a share of the assignments, always the same ones.
pub fn some_assignments(share: f64, seed: u64, effect: Effect) -> Fault {
    let matcher = Matcher {
        probability: Some(share),
        seed,
        ..Fault::on_assignment(effect.clone()).matcher
    };
    Fault {
        matcher,
        count: None,
        effect,
    }
}
