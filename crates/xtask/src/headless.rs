//! The main job without a window: a simulated Webex, consent, sync, check, run, report.

use crate::chore::{Outcome, Problem, target};
use crate::process::{Background, command, output, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const ORGANISATION: &str = "Rehearsal";
const PEOPLE: usize = 40;
const SECRET: &str = "PATCHBAY_CLIENT_SECRET";
const PASSPHRASE: &str = "PATCHBAY_VAULT_PASSPHRASE";

/// Runs it with `cli` and prints every step. Everything it makes is removed at the end.
///
/// # Errors
/// A step failed, or not every row was assigned.
pub fn main_job(cli: &Path) -> Outcome {
    let folder = target().join(format!("headless-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = steps(cli, &folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn steps(cli: &Path, folder: &Path) -> Outcome {
    println!("\n1. A simulated Webex on this machine");
    let rehearsal = Rehearsal::start(cli, folder, &["--seed", "demo"])?;
    println!("   {}", rehearsal.base_url()?);

    println!("\n2. Organisation and consent");
    rehearsal.connect()?;

    println!("\n3. Local copy of people, licences, locations and numbers");
    run(&mut rehearsal.patchbay(&["org", "sync", ORGANISATION]))?;

    println!("\n4. A file of {PEOPLE} people, proved right offline");
    let order = Order::write(&Webex::new(&rehearsal.announced)?, folder)?;
    let file = order.file.to_string_lossy().into_owned();
    run(&mut rehearsal.patchbay(&["bulk", "validate", &file, "--org", ORGANISATION]))?;

    println!("\n5. The run");
    let ended = rehearsal.carry_out(&order)?;
    println!("   {ended}");

    println!("\n6. The report");
    let report = rehearsal.report(&ended)?;
    println!("{report}");
    let assigned = ended["assigned"]
        .as_u64()
        .and_then(|assigned| usize::try_from(assigned).ok());
    if assigned != Some(PEOPLE) {
        return Err(Problem::new(format!(
            "{PEOPLE} rows should have been assigned: {ended}"
        )));
    }
    println!("All {PEOPLE} rows were assigned.");
    Ok(())
}

/// The simulated Webex, and a data folder that knows it as an organisation.
pub struct Rehearsal {
    cli: PathBuf,
    data_dir: PathBuf,
    pub announced: Value,
    // Ends with the rehearsal.
    _cloud: Background,
}

impl Rehearsal {
    /// Starts the simulated Webex with `options` of `sandbox serve`.
    pub fn start(cli: &Path, folder: &Path, options: &[&str]) -> Result<Self, Problem> {
        let mut serve = command(cli);
        serve.args(["sandbox", "serve", "--auto-consent"]).args(options);
        let mut cloud = Background::start(&mut serve)?;
        Ok(Self {
            cli: cli.to_owned(),
            data_dir: folder.join("data"),
            announced: serde_json::from_str(&cloud.first_line()?)?,
            _cloud: cloud,
        })
    }

    fn base_url(&self) -> Result<String, Problem> {
        text(&self.announced, "base_url")
    }

    /// Patchbay on the command line, in this data folder.
    pub fn patchbay(&self, words: &[&str]) -> Command {
        let secret = self.announced["client_secret"].as_str().unwrap_or_default();
        let mut command = command(&self.cli);
        command
            .arg("--data-dir")
            .arg(&self.data_dir)
            .args(["--vault-passphrase-env", PASSPHRASE])
            .args(words)
            .env(PASSPHRASE, "rehearsal without a keychain")
            .env(SECRET, secret);
        command
    }

    /// Registers the organisation and gets the consent.
    pub fn connect(&self) -> Outcome {
        let base_url = self.base_url()?;
        run(&mut self.patchbay(&["org", "add", ORGANISATION, "--base-url", &base_url]))?;
        let client_id = text(&self.announced, "client_id")?;
        run(&mut self.patchbay(&[
            "org",
            "connect",
            ORGANISATION,
            "--client-id",
            &client_id,
            "--client-secret-env",
            SECRET,
            "--method",
            "device",
        ]))
    }

    /// Runs what is to be assigned; how the run ended.
    pub fn carry_out(&self, order: &Order) -> Result<Value, Problem> {
        let file = order.file.to_string_lossy().into_owned();
        let mut start = self.patchbay(&[
            "bulk",
            "run",
            &file,
            "--org",
            ORGANISATION,
            "--location",
            &order.location,
        ]);
        start.args(["--licence", &order.licence, "--yes", "--format", "json"]);
        last_object(&output(&mut start)?)
    }

    /// The report of a run that has ended.
    pub fn report(&self, ended: &Value) -> Result<String, Problem> {
        output(&mut self.patchbay(&["bulk", "report", &text(ended, "run")?]))
    }
}

/// The last line that is a JSON object, or the whole output if it is one.
fn last_object(output: &str) -> Result<Value, Problem> {
    serde_json::from_str(output)
        .ok()
        .or_else(|| {
            output
                .lines()
                .rev()
                .find_map(|line| serde_json::from_str(line).ok())
        })
        .ok_or_else(|| Problem::new(format!("no JSON object in: {output}")))
}

pub fn text(object: &Value, field: &str) -> Result<String, Problem> {
    object[field]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Problem::new(format!("{field} is missing in {object}")))
}

/// What is to be assigned.
pub struct Order {
    pub file: PathBuf,
    pub location: String,
    pub licence: String,
}

impl Order {
    /// Chooses people without calling, free extensions and free numbers of one location, and writes the file.
    fn write(webex: &Webex, folder: &Path) -> Result<Self, Problem> {
        let licence = webex.calling_licence(PEOPLE)?;
        let people = webex.list("people?callingData=true&max=100", "items")?;
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        for person in people.iter().filter_map(|person| person["displayName"].as_str()) {
            *names.entry(person).or_default() += 1;
        }
        let without_calling: Vec<&str> = people
            .iter()
            .filter(|person| person.get("extension").is_none() && person.get("locationId").is_none())
            .filter(|person| {
                person
                    .get("phoneNumbers")
                    .is_none_or(|numbers| numbers.as_array().is_none_or(Vec::is_empty))
            })
            .filter_map(|person| person["displayName"].as_str())
            .filter(|name| names[name] == 1 && !name.contains(['"', ',', '=', '+', '@']))
            .collect();
        let locations = webex.list("telephony/config/locations", "locations")?;
        for location in &locations {
            let id = text(location, "id")?;
            let numbers = webex.list(
                &format!("telephony/config/numbers?locationId={id}&max=2000"),
                "phoneNumbers",
            )?;
            let taken: BTreeSet<&str> = numbers
                .iter()
                .filter_map(|number| number["extension"].as_str())
                .collect();
            let free: Vec<&str> = numbers
                .iter()
                .filter(|number| {
                    number.get("owner").is_none()
                        && number["state"] == "ACTIVE"
                        && number["mainNumber"] != true
                })
                .filter_map(|number| number["phoneNumber"].as_str())
                .take(PEOPLE)
                .collect();
            if free.len() < PEOPLE || without_calling.len() < PEOPLE {
                continue;
            }
            let mut lines = String::from("Ext Key,User's Name,Number\n");
            let extensions = (6000..9000)
                .map(|extension: u32| extension.to_string())
                .filter(|extension| !taken.contains(extension.as_str()));
            for ((extension, name), number) in extensions.zip(&without_calling).zip(&free) {
                lines.push_str(&format!("{extension},{name},{number}\n"));
            }
            let file = folder.join("people.csv");
            std::fs::write(&file, lines)?;
            return Ok(Self {
                file,
                location: text(location, "name")?,
                licence,
            });
        }
        Err(Problem::new(format!(
            "no location of the simulated Webex has {PEOPLE} free numbers"
        )))
    }
}

/// The simulated Webex, asked over plain HTTP on loopback.
pub struct Webex {
    authority: String,
    path: String,
    token: String,
}

impl Webex {
    pub fn new(announced: &Value) -> Result<Self, Problem> {
        let base_url = text(announced, "base_url")?;
        let (authority, path) = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(|| Problem::new(format!("{base_url} is not http://HOST:PORT/v1")))?;
        Ok(Self {
            authority: authority.into(),
            path: path.into(),
            token: text(announced, "access_token")?,
        })
    }

    /// Id of a calling licence with so many free units.
    pub fn calling_licence(&self, people: usize) -> Result<String, Problem> {
        let licences = self.list("licenses", "items")?;
        let licence = licences.iter().find(|licence| {
            let units = |field: &str| licence[field].as_u64().unwrap_or_default();
            licence["name"]
                .as_str()
                .is_some_and(|name| name.contains("Calling - Professional"))
                && units("totalUnits") >= units("consumedUnits") + people as u64
        });
        licence
            .ok_or_else(|| Problem::new("no calling licence has enough free units"))
            .and_then(|licence| text(licence, "id"))
    }

    /// All pages of `list`.
    pub fn list(&self, resource: &str, list: &str) -> Result<Vec<Value>, Problem> {
        let mut all = Vec::new();
        let mut next = Some(format!("/{}/{resource}", self.path));
        while let Some(target) = next {
            let (head, mut body) = self.get(&target)?;
            if let Some(Value::Array(items)) = body.get_mut(list).map(Value::take) {
                all.extend(items);
            }
            let mut headers = head.lines().filter_map(|line| line.split_once(": "));
            next = headers
                .find(|(name, _)| name.eq_ignore_ascii_case("link"))
                .and_then(|(_, links)| links.split(',').find(|link| link.contains("rel=\"next\"")))
                .and_then(|link| link.split_once('<')?.1.split_once('>'))
                .and_then(|(url, _)| url.split_once(&self.authority))
                .map(|(_, target)| target.to_owned());
        }
        Ok(all)
    }

    /// Head and body of the answer.
    fn get(&self, target: &str) -> Result<(String, Value), Problem> {
        let mut stream = TcpStream::connect(&self.authority)?;
        // HTTP/1.0: the answer comes in one piece and the connection ends with it.
        write!(
            stream,
            "GET {target} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n\r\n",
            self.authority, self.token
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.lines().next().unwrap_or_default();
        if !status.contains(" 200 ") {
            return Err(Problem::new(format!(
                "{target} was answered with {status}: {body}"
            )));
        }
        Ok((head.to_owned(), serde_json::from_str(body)?))
    }
}
