//! Reading enterprises and where they stand.
//!
//! The list tells everything of each; one of which it tells nothing is asked for alone.

use super::gate::Told;
use super::store::{self, Kept};
use super::{availability, told, webex_now};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result, is_refused_list, refused_list_sentence};
use crate::events::Topic;
use crate::mirror::snapshot::id_key;
use crate::organisations::Organisation;
use crate::transactions::{Open, TransactionState};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use webex_client::{Clocks, DirectorySync, DirectorySyncAnswer, EnterprisesQuery, ErrorKind, Webex};

/// The step of a copy that reads enterprises.
pub const STEP: &str = "Read directory sync";
/// After Webex's refusal: how to get out of it.
pub(super) const WAY_OUT: &str = " The organisation must be a BroadWorks partner, and the administrator who consented a partner \
    administrator who may see its enterprises. Check both in Partner Hub, then connect it again under Organisations.";
/// Enterprises asked for at once.
const AT_ONCE: usize = 4;

/// Reads all enterprises as one step of `open`. That the permission is missing or Webex refuses the list is no failure: it is
/// said by the step.
///
/// # Errors
/// When the list cannot be read to its end: what was known stays.
pub async fn copy(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &Organisation,
    open: &Open,
    position: usize,
) -> Result<()> {
    open.step(position, TransactionState::Running, 0, None, None)
        .await?;
    if let Some(permission) = availability::missing(organisation, availability::READ).first() {
        let detail = format!(
            "Not read: the permission \"{}\" was not granted.",
            permission.label
        );
        return open
            .step(position, TransactionState::Succeeded, 0, None, Some(&detail))
            .await;
    }
    let (count, refused) = all(db, clock, webex, &organisation.id, &organisation.name).await?;
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    open.step(
        position,
        TransactionState::Succeeded,
        total,
        Some(total),
        refused.as_deref(),
    )
    .await
}

/// Reads all enterprises; how many there are, and Webex's refusal in words.
pub(super) async fn all(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &str,
    called: &str,
) -> Result<(usize, Option<String>)> {
    let observed = observe(db, organisation).await?;
    let mut pages = webex.enterprises(EnterprisesQuery::default());
    let (mut found, mut clocks) = (Vec::new(), None);
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                clocks = page.clocks.or(clocks);
                found.extend(page.items.into_iter().map(|item| (item, page.clocks)));
            }
            Ok(None) => break,
            Err(error) if is_refused_list(&error) => {
                let reason = format!("{}{WAY_OUT}", refused_list_sentence(&error));
                let mut write = db.write().await?;
                store::refused(write.connection(), organisation, &reason, error.tracking_id()).await?;
                write.touch(Topic::DirectorySync);
                write.commit().await?;
                return Ok((0, Some(reason)));
            }
            Err(error) => return Err(Error::webex(format!("read the enterprises of {called}"))(error)),
        }
    }
    let (met, ahead) = store::last_met(db, organisation).await?;
    let fallback = |at: Option<Clocks>| match at.or(clocks) {
        Some(clocks) => clocks.webex,
        None => webex_now(clock.now(), met, ahead),
    };
    let seen = futures::stream::iter(found).map(|(item, told_at)| async move {
        let mut sync = item.broadworks_directory_sync.unwrap_or_default();
        let mut told_at = told_at;
        let mut read = true;
        if sync.directory_sync_status.is_none() && sync.enable_dir_sync != Some(false) {
            match webex.directory_sync(&item.id).await {
                Ok(answer) => (sync, told_at) = (answer.sync, answer.clocks.or(told_at)),
                Err(error) => {
                    tracing::warn!(enterprise = item.id, %error, "how an enterprise stands could not be read");
                    read = false;
                }
            }
        }
        let told_at = fallback(told_at);
        let kept = Kept {
            key: id_key(&item.id),
            sp_enterprise_id: item.sp_enterprise_id.unwrap_or_else(|| item.id.clone()),
            id: item.id,
            org_id: item.org_id,
            // What could not be read is not known, rather than switched off.
            enabled: sync.enable_dir_sync.unwrap_or(!read),
            told: sync
                .directory_sync_status
                .map(|status| told::read(status, told_at)),
            as_of: told_at.to_string(),
        };
        (kept, read)
    });
    let seen: Vec<(Kept, bool)> = seen.buffered(AT_ONCE).collect().await;
    let as_of = fallback(None).to_string();
    let mut write = db.write().await?;
    meet(write.connection(), organisation, clocks).await?;
    for (kept, read) in &seen {
        let known = !read && store::seen(write.connection(), organisation, observed, kept).await?;
        if !known {
            store::put(write.connection(), organisation, observed, kept).await?;
        }
    }
    store::copied(write.connection(), organisation, observed, &as_of).await?;
    write.touch(Topic::DirectorySync);
    write.commit().await?;
    Ok((seen.len(), None))
}

pub(super) async fn observe(db: &Db, organisation: &str) -> Result<i64> {
    let mut write = db.write().await?;
    let observed = store::observe(write.connection(), organisation).await?;
    write.commit().await?;
    Ok(observed)
}

async fn meet(
    connection: &mut sqlx::SqliteConnection,
    organisation: &str,
    clocks: Option<Clocks>,
) -> Result<()> {
    match clocks {
        Some(clocks) => store::met(connection, organisation, clocks.webex, clocks.ahead_seconds()).await,
        None => Ok(()),
    }
}

/// What looking at an enterprise showed.
pub(super) enum Look {
    There(Box<Kept>),
    Gone,
    Trouble(webex_client::Error),
}

/// Reads how one enterprise stands, and keeps it.
pub(super) async fn one(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &str,
    known: &Kept,
) -> Result<Look> {
    let observed = observe(db, organisation).await?;
    match webex.directory_sync(&known.id).await {
        Ok(answer) => {
            let kept = keep(db, clock, organisation, observed, known, answer).await?;
            Ok(Look::There(Box::new(kept)))
        }
        Err(error) if *error.kind() == ErrorKind::NotFound => {
            let mut write = db.write().await?;
            store::gone(write.connection(), organisation, observed, &known.key).await?;
            write.touch(Topic::DirectorySync);
            write.commit().await?;
            Ok(Look::Gone)
        }
        Err(error) => Ok(Look::Trouble(error)),
    }
}

/// Keeps what Webex answered of one enterprise.
pub(super) async fn keep(
    db: &Db,
    clock: &dyn Clock,
    organisation: &str,
    observed: i64,
    known: &Kept,
    answer: DirectorySyncAnswer,
) -> Result<Kept> {
    let DirectorySyncAnswer { sync, clocks, .. } = answer;
    let told_at = match clocks {
        Some(clocks) => clocks.webex,
        None => {
            let (met, ahead) = store::last_met(db, organisation).await?;
            webex_now(clock.now(), met, ahead)
        }
    };
    let kept = with(known, sync, told_at);
    let mut write = db.write().await?;
    meet(write.connection(), organisation, clocks).await?;
    store::put(write.connection(), organisation, observed, &kept).await?;
    write.touch(Topic::DirectorySync);
    write.commit().await?;
    Ok(kept)
}

fn with(known: &Kept, sync: DirectorySync, told_at: Timestamp) -> Kept {
    Kept {
        enabled: sync.enable_dir_sync.unwrap_or(known.enabled),
        told: Some(match sync.directory_sync_status {
            Some(status) => told::read(status, told_at),
            None => Told::nothing(told_at),
        }),
        as_of: told_at.to_string(),
        ..known.clone()
    }
}
