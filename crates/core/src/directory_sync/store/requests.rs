//! SQL of the synchronisations this desktop asked for, one open for an enterprise at most.

use super::{corrupt, json, time};
use crate::db::Db;
use crate::directory_sync::gate::{Asked, Told};
use crate::error::Result;
use jiff::Timestamp;
use sqlx::SqliteConnection;

const TABLE: &str = "directory_sync_requests";

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::directory_sync) enum Outcome {
    /// Not sent yet.
    Waiting,
    /// It may have been sent.
    Sending,
    /// Webex has taken it.
    Accepted,
    /// Webex was seen at work on it.
    Running,
    /// Webex did not take it.
    Refused,
    Succeeded,
    Failed,
    /// What became of it is not known.
    Lost,
}

impl Outcome {
    const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Sending,
        Self::Accepted,
        Self::Running,
        Self::Refused,
        Self::Succeeded,
        Self::Failed,
        Self::Lost,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Refused => "refused",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Lost => "lost",
        }
    }

    pub(in crate::directory_sync) const fn open(self) -> bool {
        matches!(
            self,
            Self::Waiting | Self::Sending | Self::Accepted | Self::Running
        )
    }
}

/// A request as it is kept.
#[derive(Debug, Clone)]
pub(in crate::directory_sync) struct Request {
    pub id: String,
    pub organisation: String,
    /// Key of the enterprise.
    pub enterprise: String,
    pub who: String,
    pub transaction: String,
    pub followed_by: Option<String>,
    pub outcome: Outcome,
    pub asked: Asked,
}

impl Request {
    /// Sets how it stands.
    pub fn stands(&mut self, outcome: Outcome) {
        self.outcome = outcome;
        self.asked.open = outcome.open();
        self.asked.refused = outcome == Outcome::Refused;
        self.asked.lost = outcome == Outcome::Lost;
    }
}

struct Row {
    id: String,
    organisation: String,
    enterprise: String,
    asked_at: String,
    who: String,
    transaction_id: String,
    followed_by: Option<String>,
    sent_tracking_id: Option<String>,
    before: String,
    started_at: Option<String>,
    tracking_id: Option<String>,
    ended_at: Option<String>,
    outcome: String,
}

impl Row {
    fn read(self) -> Result<Request> {
        let outcome = Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == self.outcome)
            .ok_or_else(|| corrupt(TABLE, &self.id, format!("unknown word {}", self.outcome)))?;
        let before: Told =
            serde_json::from_str(&self.before).map_err(|error| corrupt(TABLE, &self.id, error))?;
        let moment = |text: Option<&str>| text.map(|text| time(TABLE, &self.id, text)).transpose();
        let asked = Asked {
            at: time(TABLE, &self.id, &self.asked_at)?,
            open: outcome.open(),
            refused: outcome == Outcome::Refused,
            lost: outcome == Outcome::Lost,
            before,
            started: moment(self.started_at.as_deref())?,
            ended: moment(self.ended_at.as_deref())?,
            sent_tracking_id: self.sent_tracking_id,
            tracking_id: self.tracking_id,
        };
        Ok(Request {
            id: self.id,
            organisation: self.organisation,
            enterprise: self.enterprise,
            who: self.who,
            transaction: self.transaction_id,
            followed_by: self.followed_by,
            outcome,
            asked,
        })
    }
}

/// What counts now of an organisation, oldest first: the last request of each enterprise, and all since `since`.
pub(in crate::directory_sync) async fn of(
    db: &Db,
    organisation: &str,
    since: Timestamp,
) -> Result<Vec<Request>> {
    let since = since.to_string();
    let rows = sqlx::query_as!(
        Row,
        "select id, organisation, enterprise, asked_at, who, transaction_id, followed_by, sent_tracking_id, before,
           started_at, tracking_id, ended_at, outcome
         from directory_sync_requests as one
         where organisation = ?1 and (asked_at >= ?2 or outcome in ('waiting', 'sending', 'accepted', 'running')
           or id = (select last.id from directory_sync_requests as last
                    where last.organisation = one.organisation and last.enterprise = one.enterprise
                    order by last.asked_at desc, last.id desc limit 1))",
        organisation,
        since
    )
    .fetch_all(db.read())
    .await?;
    let mut requests = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    // By Webex's clock; ids follow this computer's.
    requests.sort_by(|one, other| (one.asked.at, &one.id).cmp(&(other.asked.at, &other.id)));
    Ok(requests)
}

/// The transactions that open requests are followed by; of one organisation where it is given.
pub(in crate::directory_sync) async fn following(db: &Db, organisation: Option<&str>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"select distinct followed_by as "followed_by!" from directory_sync_requests
           where followed_by is not null and outcome in ('waiting', 'sending', 'accepted', 'running')
             and organisation = coalesce(?, organisation)"#,
        organisation
    )
    .fetch_all(db.read())
    .await?)
}

/// Requests that nobody follows, oldest first; of one organisation where it is given.
pub(in crate::directory_sync) async fn left(db: &Db, organisation: Option<&str>) -> Result<Vec<Request>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, organisation, enterprise, asked_at, who, transaction_id, followed_by, sent_tracking_id, before,
           started_at, tracking_id, ended_at, outcome
         from directory_sync_requests
         where followed_by is null and outcome in ('sending', 'accepted', 'running')
           and organisation = coalesce(?, organisation)
         order by organisation, id",
        organisation
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Notes a request that is about to be made; false where the enterprise has an open one already. What is open since before
/// `expired` is given up for it.
pub(in crate::directory_sync) async fn begin(
    connection: &mut SqliteConnection,
    request: &Request,
    expired: Timestamp,
) -> Result<bool> {
    let (at, expired) = (request.asked.at.to_string(), expired.to_string());
    sqlx::query!(
        "update directory_sync_requests set outcome = 'lost', followed_by = null
         where organisation = ? and enterprise = ? and asked_at <= ?
           and outcome in ('waiting', 'sending', 'accepted', 'running')",
        request.organisation,
        request.enterprise,
        expired
    )
    .execute(&mut *connection)
    .await?;
    let (before, outcome) = (json(&request.asked.before), request.outcome.name());
    let made = sqlx::query!(
        "insert into directory_sync_requests
           (id, organisation, enterprise, asked_at, who, transaction_id, followed_by, before, outcome)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
        request.id,
        request.organisation,
        request.enterprise,
        at,
        request.who,
        request.transaction,
        request.followed_by,
        before,
        outcome
    )
    .execute(connection)
    .await?;
    Ok(made.rows_affected() > 0)
}

/// Keeps how a request stands; one that is over stays over, and is followed no more.
pub(in crate::directory_sync) async fn put(
    connection: &mut SqliteConnection,
    request: &Request,
) -> Result<()> {
    let (asked, outcome) = (&request.asked, request.outcome.name());
    let followed_by = request
        .followed_by
        .as_ref()
        .filter(|_| request.outcome.open())
        .cloned();
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let (started, ended) = (text(asked.started), text(asked.ended));
    sqlx::query!(
        "update directory_sync_requests set followed_by = ?, sent_tracking_id = ?, started_at = ?, tracking_id = ?,
           ended_at = ?, outcome = ?
         where id = ? and outcome in ('waiting', 'sending', 'accepted', 'running')",
        followed_by,
        asked.sent_tracking_id,
        started,
        asked.tracking_id,
        ended,
        outcome,
        request.id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Nobody follows the requests of this transaction any more; `None` for all. What was not sent is forgotten.
pub(in crate::directory_sync) async fn leave(
    connection: &mut SqliteConnection,
    transaction: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "delete from directory_sync_requests where outcome = 'waiting' and followed_by = coalesce(?, followed_by)",
        transaction
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update directory_sync_requests set followed_by = null where followed_by = coalesce(?, followed_by)",
        transaction
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes up a request that nobody follows; whether it was still there to be taken.
pub(in crate::directory_sync) async fn take(
    connection: &mut SqliteConnection,
    id: &str,
    transaction: &str,
) -> Result<bool> {
    let taken = sqlx::query!(
        "update directory_sync_requests set followed_by = ?1, transaction_id = ?1
         where id = ?2 and followed_by is null and outcome in ('sending', 'accepted', 'running')",
        transaction,
        id
    )
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() > 0)
}
