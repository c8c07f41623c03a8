//! `bulk run` and `bulk resume`: from files to a finished run, in one sitting or several.

use crate::arguments::Format;
use crate::list::state;
use crate::open::{Place, organisation, sync};
use crate::say::{Stop, print_line, tell};
use crate::validate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulk_file::FileInput;
use patchbay_api::Patchbay;
use patchbay_api::commands::{
    Commands, FilesAdd, OrganisationId, RunId, Start, TemplateCreate, TemplateId, TransactionId,
};
use patchbay_core::bulk_assignments::{FileSource, LicenceChoice, LocationChoice, Plan, TemplateFields};
use patchbay_core::mirror::{Licence, Location};
use patchbay_core::runs::{RunProgress, RunState};
use patchbay_core::transactions::TransactionState;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What is to be assigned.
#[derive(Debug)]
pub struct Wanted {
    pub files: Vec<PathBuf>,
    pub org: String,
    pub location: String,
    pub licence: String,
    pub add_ons: Vec<String>,
    pub yes: bool,
    pub format: Format,
}

/// How often progress is told.
const TOLD: Duration = Duration::from_secs(1);

pub async fn start(place: &Place, wanted: Wanted) -> Result<ExitCode, Stop> {
    if !wanted.yes && !std::io::stdin().is_terminal() {
        return Err(Stop::wrong(
            "Nobody can be asked here whether to start. Add --yes to start without asking.",
        ));
    }
    let inputs = validate::read_all(&wanted.files)?;
    let document = validate::open(inputs.clone());
    if document.errors() > 0 {
        // The same answer as of `bulk validate`: nothing was sent.
        tell("The file has errors, so nothing was sent.");
        return validate::tell_result(&document, wanted.format);
    }
    let patchbay = place.open().await?;
    let outcome = assign(&patchbay, &wanted, inputs).await;
    patchbay.close().await;
    outcome
}

async fn assign(patchbay: &Patchbay, wanted: &Wanted, inputs: Vec<FileInput>) -> Result<ExitCode, Stop> {
    let organisation = organisation(patchbay, &wanted.org).await?;
    sync(patchbay, &organisation).await?;
    let fields = TemplateFields {
        name: name(&wanted.files),
        location: Some(location(patchbay, &organisation.id, &wanted.location).await?),
        calling_licence: Some(licence(patchbay, &organisation.id, &wanted.licence).await?),
        add_ons: {
            let mut add_ons = Vec::new();
            for add_on in &wanted.add_ons {
                add_ons.push(licence(patchbay, &organisation.id, add_on).await?);
            }
            add_ons
        },
        organisation: Some(organisation.id.clone()),
    };
    let template = patchbay
        .bulk_assignments_create(TemplateCreate { fields })
        .await?
        .id;
    let outcome = launch(patchbay, wanted, &template, inputs).await;
    if !matches!(outcome, Ok(Some(_))) {
        // What was not started leaves nothing behind.
        patchbay.bulk_assignments_delete(TemplateId { template }).await?;
    }
    match outcome? {
        Some(run) => follow(patchbay, &run, wanted.format).await,
        None => {
            tell("Nothing was sent.");
            Ok(ExitCode::from(1))
        }
    }
}

/// From a template without files to a run; None when the answer was no.
async fn launch(
    patchbay: &Patchbay,
    wanted: &Wanted,
    template: &str,
    inputs: Vec<FileInput>,
) -> Result<Option<String>, Stop> {
    let template = template.to_owned();
    // What was checked is what is assigned, whatever happens to the files meanwhile.
    let files = inputs.iter().map(content).collect();
    patchbay
        .bulk_assignments_add_files(FilesAdd {
            template: template.clone(),
            files,
        })
        .await?;
    let plan = patchbay
        .bulk_assignments_plan(TemplateId {
            template: template.clone(),
        })
        .await?;
    tell(&described(&plan));
    if !wanted.yes && plan.to_assign > 0 && !confirmed() {
        return Ok(None);
    }
    let mut topics = patchbay.events();
    let start = Start {
        template,
        plan: plan.hash,
        checked_live: true,
    };
    let started = patchbay.bulk_assignments_start(start).await?;
    loop {
        let transaction = patchbay
            .transactions_get(TransactionId {
                transaction: started.transaction.clone(),
            })
            .await?;
        if let Some(run) = transaction.run {
            return Ok(Some(run));
        }
        if transaction.state != TransactionState::Running {
            return Err(transaction
                .failure
                .map_or_else(|| Stop::failed("The run could not be started."), Stop::from));
        }
        let _ = topics.recv().await;
    }
}

pub async fn resume(place: &Place, run: &str, format: Format) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let progress = patchbay.runs_get(RunId { run: run.to_owned() }).await?;
    let outcome = if matches!(progress.state, RunState::Completed | RunState::Cancelled) {
        tell("The run has ended; nothing is left to do.");
        announce(run, format)?;
        finished(&progress, format)
    } else {
        patchbay.runs_resume(RunId { run: run.to_owned() }).await?;
        follow(&patchbay, run, format).await
    };
    patchbay.close().await;
    outcome
}

/// The run's id comes first: on standard output, or beside the one JSON object there.
fn announce(run: &str, format: Format) -> Result<(), Stop> {
    match format {
        Format::Text => print_line(run),
        Format::Json => {
            tell(run);
            Ok(())
        }
    }
}

/// Tells progress until the run is no longer at work, then its result.
async fn follow(patchbay: &Patchbay, run: &str, format: Format) -> Result<ExitCode, Stop> {
    announce(run, format)?;
    let mut told = String::new();
    let mut stopping = std::pin::pin!(crate::sandbox::wait_for_stop());
    let mut asked = false;
    loop {
        let progress = patchbay.runs_get(RunId { run: run.to_owned() }).await?;
        let line = described_progress(&progress);
        if line != told {
            tell(&line);
            told = line;
        }
        if progress.state != RunState::Running {
            return finished(&progress, format);
        }
        tokio::select! {
            () = &mut stopping, if !asked => {
                asked = true;
                tell(&format!("Pausing at the current row. Go on with: patchbay-cli bulk resume {run}"));
                // It may have ended this moment; what it is now is looked at next.
                let _ = patchbay.runs_pause(RunId { run: run.to_owned() }).await;
            }
            () = patchbay.until_over(run) => {}
            () = tokio::time::sleep(TOLD) => {}
        }
    }
}

fn described_progress(progress: &RunProgress) -> String {
    let done = progress.rows - progress.pending;
    let mut line = format!(
        "{done} of {}: {} assigned, {} failed",
        progress.rows, progress.assigned, progress.failed
    );
    if progress.verifying {
        line.push_str(", reading everything once more");
    }
    if let Some(hold) = &progress.hold {
        line.push_str(&format!(". {}", hold.message));
        if let Some(until) = &hold.until {
            line.push_str(&format!(" Until {until}."));
        }
    } else if let Some(rate) = progress.per_second {
        line.push_str(&format!(", {rate:.1}/s"));
    }
    line
}

fn finished(progress: &RunProgress, format: Format) -> Result<ExitCode, Stop> {
    match format {
        Format::Json => {
            let object = serde_json::json!({
                "run": progress.id,
                "rows": progress.rows,
                "assigned": progress.assigned,
                "already": progress.already,
                "failed": progress.failed,
                "skipped": progress.skipped,
                "unknown": progress.unknown,
                "requests": progress.requests,
                "pending": progress.pending,
                "throttled": progress.throttled,
                "state": state(progress.state),
                "reason": progress.hold.as_ref().map(|hold| &hold.message),
            });
            print_line(&object.to_string())?;
        }
        Format::Text => {
            print_line(&format!(
                "{}: {} rows, {} assigned, {} already assigned, {} failed, {} skipped, {} unknown, {} requests",
                state(progress.state),
                progress.rows,
                progress.assigned,
                progress.already,
                progress.failed,
                progress.skipped,
                progress.unknown,
                progress.requests
            ))?;
            for cause in &progress.causes {
                print_line(&format!("  {} × {} ({})", cause.rows, cause.title, cause.code))?;
            }
        }
    }
    if progress.state != RunState::Completed
        && let Some(hold) = &progress.hold
    {
        tell(&hold.message);
    }
    let right =
        progress.state == RunState::Completed && progress.failed + progress.skipped + progress.unknown == 0;
    Ok(if right {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn described(plan: &Plan) -> String {
    let mut lines = vec![format!(
        "{} rows: {} to assign, {} already assigned, {} left out. Nothing has been changed yet.",
        plan.rows, plan.to_assign, plan.already, plan.left_out
    )];
    for need in &plan.licences {
        let short = if need.sufficient { "" } else { ", not enough" };
        let free = need
            .available
            .map_or_else(|| "unlimited".to_owned(), |units| units.to_string());
        lines.push(format!(
            "  {}: needs {}, free {free}{short}",
            need.licence.name, need.needed
        ));
    }
    for conflict in &plan.conflicts {
        lines.push(format!(
            "  left out: {} × {} ({})",
            conflict.count, conflict.title, conflict.code
        ));
        lines.extend(
            conflict
                .rows
                .iter()
                .filter_map(|row| Some(format!("    row {}: {}", row.row, row.message.as_deref()?))),
        );
    }
    lines.extend(
        plan.warnings
            .iter()
            .map(|warning| format!("  warning: {}", warning.message)),
    );
    lines.join("\n")
}

fn confirmed() -> bool {
    tell("Start? Type yes to start, anything else to leave.");
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "yes" | "y")
}

fn name(files: &[PathBuf]) -> String {
    let names: Vec<String> = files
        .iter()
        .filter_map(|file| file.file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .take(3)
        .collect();
    let more = if files.len() > names.len() {
        format!(" and {} more", files.len() - names.len())
    } else {
        String::new()
    };
    let name = format!("{}{more}", names.join(", "));
    name.chars().take(200).collect()
}

fn content(input: &FileInput) -> FileSource {
    let name = Path::new(&input.name)
        .file_name()
        .map_or_else(|| input.name.clone(), |name| name.to_string_lossy().into_owned());
    FileSource::Content {
        name,
        base64: STANDARD.encode(&input.bytes),
    }
}

async fn location(patchbay: &Patchbay, organisation: &str, wanted: &str) -> Result<LocationChoice, Stop> {
    let all = patchbay
        .mirror_locations(OrganisationId {
            organisation: organisation.to_owned(),
        })
        .await?
        .locations;
    let found = pick(&all, wanted, |location: &Location| (&location.id, &location.name));
    let location = found.map_err(|known| {
        Stop::failed(format!(
            "There is no one location \"{wanted}\". There are: {known}."
        ))
    })?;
    if !location.calling_enabled {
        return Err(Stop::failed(format!(
            "{} is not enabled for Webex Calling, so nobody can get an extension there. Enable it in Control Hub, or choose another location.",
            location.name
        )));
    }
    Ok(LocationChoice {
        id: location.id,
        name: location.name,
    })
}

async fn licence(patchbay: &Patchbay, organisation: &str, wanted: &str) -> Result<LicenceChoice, Stop> {
    let all = patchbay
        .mirror_licences(OrganisationId {
            organisation: organisation.to_owned(),
        })
        .await?
        .licences;
    let found = pick(&all, wanted, |licence: &Licence| (&licence.id, &licence.name));
    let licence = found.map_err(|known| {
        Stop::failed(format!(
            "There is no one licence \"{wanted}\". Give its id where a name occurs twice. There are: {known}."
        ))
    })?;
    Ok(LicenceChoice {
        id: licence.id,
        name: licence.name,
    })
}

/// The one object of this id or name: exactly, else without regard to case. Otherwise all there are, in words.
fn pick<T: Clone>(all: &[T], wanted: &str, facts: impl Fn(&T) -> (&String, &String)) -> Result<T, String> {
    let folded = wanted.trim().to_lowercase();
    let by: [&dyn Fn(&T) -> bool; 3] = [
        &|each| facts(each).0 == wanted,
        &|each| facts(each).1 == wanted,
        &|each| facts(each).1.to_lowercase() == folded,
    ];
    for fits in by {
        let mut fitting = all.iter().filter(|each| fits(each));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => return Ok(one.clone()),
            (Some(_), Some(_)) => break,
            (None, _) => {}
        }
    }
    Err(all
        .iter()
        .map(|each| format!("{} ({})", facts(each).1, facts(each).0))
        .collect::<Vec<_>>()
        .join(", "))
}
