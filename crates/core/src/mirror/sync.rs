//! Copying an organisation, part by part.

use super::MirrorKind;
use super::directory::Listed;
use super::snapshot::{LicenceFact, LocationFact, NumberFact, PersonFact, digits, id_key, name_key};
use super::store::{self, LocationRow, PersonRest};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::transactions::{self, TransactionState};
use futures::TryStreamExt;
use std::collections::HashMap;
use webex_client::{ErrorKind, LocationsQuery, NumbersQuery, PeopleQuery, Webex};

/// Rows collected before they are written.
const BATCH: usize = 500;

/// Told how far a part is. Must not fail: progress is not worth losing a sync for.
#[async_trait::async_trait]
pub trait Progress: Send + Sync {
    /// `total` is what the last copy had, where there was one.
    async fn progress(&self, kind: MirrorKind, done: u32, total: Option<u32>, finished: bool);
}

/// Copies `kinds` of one organisation. `org_id` is the organisation's API id; None asks for the token's own.
///
/// # Errors
/// The first part that fails; parts before it are complete and stay.
pub async fn sync(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &str,
    org_id: Option<&str>,
    kinds: &[MirrorKind],
    progress: &dyn Progress,
) -> Result<()> {
    for kind in kinds {
        let part = Part::begin(db, clock, organisation, *kind).await?;
        match part.copy(webex, org_id, progress).await {
            // Nothing is decided by roles: a grant that does not cover them is good for everything else.
            Err(Error::Webex { source, .. })
                if *kind == MirrorKind::Roles && *source.kind() == ErrorKind::Forbidden =>
            {
                progress.progress(*kind, 0, None, true).await;
            }
            outcome => outcome?,
        }
    }
    Ok(())
}

/// One part on its way in.
struct Part<'a> {
    db: &'a Db,
    organisation: &'a str,
    kind: MirrorKind,
    generation: i64,
    as_of: String,
    /// Rows of the copy before.
    before: Option<u32>,
}

impl<'a> Part<'a> {
    async fn begin(db: &'a Db, clock: &dyn Clock, organisation: &'a str, kind: MirrorKind) -> Result<Self> {
        let mut write = db.write().await?;
        let (generation, before) = store::reserve(write.connection(), organisation, kind).await?;
        write.commit().await?;
        Ok(Self {
            db,
            organisation,
            kind,
            generation,
            before,
            as_of: clock.now().to_string(),
        })
    }

    async fn copy(self, webex: &Webex, org_id: Option<&str>, progress: &dyn Progress) -> Result<()> {
        progress.progress(self.kind, 0, self.before, false).await;
        let count = match self.kind {
            MirrorKind::Roles => self.roles(webex).await?,
            MirrorKind::Licences => self.licences(webex, org_id).await?,
            MirrorKind::Locations => self.locations(webex, org_id).await?,
            MirrorKind::People => self.people(webex, org_id, progress).await?,
            MirrorKind::Numbers => self.numbers(webex, org_id, progress).await?,
        };
        let mut write = self.db.write().await?;
        store::switch(
            write.connection(),
            self.organisation,
            self.kind,
            self.generation,
            count,
            &self.as_of,
        )
        .await?;
        write.touch(Topic::Mirror);
        write.commit().await?;
        progress.progress(self.kind, count, Some(count), true).await;
        Ok(())
    }

    async fn roles(&self, webex: &Webex) -> Result<u32> {
        let roles = webex.roles().await.map_err(Error::webex("read the roles"))?;
        let mut write = self.db.write().await?;
        for role in &roles {
            store::insert_role(
                write.connection(),
                self.organisation,
                self.generation,
                &role.id,
                &role.name,
            )
            .await?;
        }
        write.commit().await?;
        Ok(count(roles.len()))
    }

    async fn licences(&self, webex: &Webex, org_id: Option<&str>) -> Result<u32> {
        let licences = webex
            .licences(org_id)
            .await
            .map_err(Error::webex("read the licences"))?;
        let mut write = self.db.write().await?;
        for (position, licence) in licences.iter().enumerate() {
            let fact = LicenceFact {
                key: id_key(&licence.id),
                id: licence.id.clone(),
                name: licence.name.clone(),
                // Where Webex tells no number, its refusal has the last word.
                total: licence.total_units.unwrap_or(-1),
                consumed: licence.consumed_units.or(licence.consumed_by_users).unwrap_or(0),
            };
            let subscription = licence.subscription_id.as_deref();
            store::insert_licence(
                write.connection(),
                self.organisation,
                self.generation,
                position as i64,
                &fact,
                subscription,
            )
            .await?;
        }
        write.commit().await?;
        Ok(count(licences.len()))
    }

    async fn locations(&self, webex: &Webex, org_id: Option<&str>) -> Result<u32> {
        let doing = || Error::webex("read the locations");
        let asked = || LocationsQuery {
            org_id: org_id.map(str::to_owned),
            ..LocationsQuery::default()
        };
        let mut calling: HashMap<String, (String, String, Option<String>)> = HashMap::new();
        let mut pages = webex.telephony_locations(asked());
        while let Some(page) = pages.try_next().await.map_err(doing())? {
            for location in page.items {
                calling.insert(
                    id_key(&location.id),
                    (location.id, location.name, location.routing_prefix),
                );
            }
        }
        let mut rows: Vec<LocationRow> = Vec::new();
        let mut pages = webex.locations(asked());
        while let Some(page) = pages.try_next().await.map_err(doing())? {
            for location in page.items {
                let key = id_key(&location.id);
                let telephony = calling.remove(&key);
                let address = location.address.unwrap_or_default();
                rows.push(LocationRow {
                    fact: LocationFact {
                        calling_enabled: telephony.is_some(),
                        id: location.id,
                        key,
                        name: location.name,
                    },
                    routing_prefix: telephony.and_then(|(_, _, prefix)| prefix),
                    city: address.city,
                    country: address.country,
                });
            }
        }
        // A location that only telephony knows is one all the same.
        rows.extend(
            calling
                .into_iter()
                .map(|(key, (id, name, routing_prefix))| LocationRow {
                    fact: LocationFact {
                        id,
                        key,
                        name,
                        calling_enabled: true,
                    },
                    routing_prefix,
                    city: None,
                    country: None,
                }),
        );
        let mut write = self.db.write().await?;
        for row in &rows {
            store::insert_location(write.connection(), self.organisation, self.generation, row).await?;
        }
        write.commit().await?;
        Ok(count(rows.len()))
    }

    async fn people(&self, webex: &Webex, org_id: Option<&str>, progress: &dyn Progress) -> Result<u32> {
        let asked = PeopleQuery {
            calling_data: true,
            org_id: org_id.map(str::to_owned),
            max: Some(100),
            ..PeopleQuery::default()
        };
        let mut pages = std::pin::pin!(webex.people(asked));
        let (mut batch, mut done) = (Vec::with_capacity(BATCH), 0);
        while let Some(page) = pages.try_next().await.map_err(Error::webex("read the people"))? {
            batch.extend(
                page.items
                    .into_iter()
                    .map(|person| (person_fact(&person), person_rest(person))),
            );
            if batch.len() >= BATCH {
                done += self.write_people(&mut batch).await?;
                progress.progress(self.kind, done, self.before, false).await;
            }
        }
        done += self.write_people(&mut batch).await?;
        Ok(done)
    }

    async fn write_people(&self, batch: &mut Vec<(PersonFact, PersonRest)>) -> Result<u32> {
        let mut write = self.db.write().await?;
        for (person, rest) in batch.iter() {
            store::insert_person(
                write.connection(),
                self.organisation,
                self.generation,
                person,
                rest,
            )
            .await?;
        }
        write.commit().await?;
        let written = count(batch.len());
        batch.clear();
        Ok(written)
    }

    async fn numbers(&self, webex: &Webex, org_id: Option<&str>, progress: &dyn Progress) -> Result<u32> {
        let asked = NumbersQuery {
            org_id: org_id.map(str::to_owned),
            ..NumbersQuery::default()
        };
        let mut pages = webex.numbers(asked);
        let mut done: u32 = 0;
        while let Some(page) = pages.try_next().await.map_err(Error::webex("read the numbers"))? {
            let mut write = self.db.write().await?;
            for number in page.items {
                let state = number.state.as_ref().map(ToString::to_string);
                let fact = number_fact(number);
                store::insert_number(
                    write.connection(),
                    self.organisation,
                    self.generation,
                    i64::from(done),
                    &fact,
                    state.as_deref(),
                )
                .await?;
                done += 1;
            }
            write.commit().await?;
            progress.progress(self.kind, done, self.before, false).await;
        }
        Ok(done)
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A person of the wire as plans see it.
pub(crate) fn person_fact(person: &webex_client::Person) -> PersonFact {
    let display_name = person.display_name.clone().unwrap_or_else(|| {
        let parts: Vec<&str> = [person.first_name.as_deref(), person.last_name.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        parts.join(" ")
    });
    PersonFact {
        key: id_key(&person.id),
        id: person.id.clone(),
        name_key: name_key(&display_name),
        display_name,
        email: person.emails.first().cloned(),
        extension: person.extension.clone().filter(|extension| !extension.is_empty()),
        numbers: work_numbers(person),
        location_key: person.location_id.as_deref().map(id_key),
        licences: person.licences.iter().map(|licence| id_key(licence)).collect(),
    }
}

fn person_rest(person: webex_client::Person) -> PersonRest {
    PersonRest {
        first_name: person.first_name,
        last_name: person.last_name,
        invite_pending: person.invite_pending.unwrap_or(false),
        status: person.status.map(|status| status.to_string()),
    }
}

/// A person of the wire as it would come from the copy.
pub(crate) fn listed(person: webex_client::Person) -> Listed {
    let (fact, rest) = (person_fact(&person), person_rest(person));
    Listed {
        id: fact.id,
        key: fact.key,
        first_name: rest.first_name,
        last_name: rest.last_name,
        email: fact.email,
        extension: fact.extension,
        numbers: fact.numbers,
        location_key: fact.location_key,
        licences: fact.licences,
        invite_pending: rest.invite_pending,
        status: rest.status,
    }
}

/// All work numbers, the primary one first.
fn work_numbers(person: &webex_client::Person) -> Vec<String> {
    let (primary, others): (Vec<_>, Vec<_>) = person
        .phone_numbers
        .iter()
        .filter(|number| number.kind == Some(webex_client::PhoneNumberKind::Work))
        .partition(|number| number.primary == Some(true));
    let mut numbers: Vec<String> = Vec::new();
    for number in primary.into_iter().chain(others) {
        if let Some(value) = number.value.as_deref().map(str::trim)
            && !value.is_empty()
            && !numbers.iter().any(|known| known == value)
        {
            numbers.push(value.to_owned());
        }
    }
    numbers
}

fn number_fact(number: webex_client::Number) -> NumberFact {
    let phone_number = number.phone_number.filter(|number| !number.trim().is_empty());
    let owner = number.owner.unwrap_or_default();
    let named = owner
        .display_name
        .filter(|name| !name.trim().is_empty())
        .or_else(|| {
            let parts: Vec<String> = [owner.first_name, owner.last_name]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        });
    NumberFact {
        digits: phone_number.as_deref().map(digits),
        phone_number,
        extension: number.extension.filter(|extension| !extension.is_empty()),
        location_key: number
            .location
            .and_then(|location| location.id)
            .as_deref()
            .map(id_key),
        owner_key: owner.id.as_deref().map(id_key),
        owner_type: owner.kind.map(|kind| kind.to_string()),
        owner_name: named,
    }
}

/// Tells a transaction how far its steps are; `first` is the step of the first kind.
struct Steps<'a> {
    open: &'a transactions::Open,
    kinds: &'a [MirrorKind],
    first: usize,
}

#[async_trait::async_trait]
impl Progress for Steps<'_> {
    async fn progress(&self, kind: MirrorKind, done: u32, total: Option<u32>, finished: bool) {
        let Some(position) = self.kinds.iter().position(|each| *each == kind) else {
            return;
        };
        let state = if finished {
            TransactionState::Succeeded
        } else {
            TransactionState::Running
        };
        if let Err(error) = self
            .open
            .step(self.first + position, state, done, total, None)
            .await
        {
            tracing::warn!(?error, "the progress of a sync could not be kept");
        }
    }
}

/// [`sync`] as steps of a transaction, from step `first` on.
///
/// # Errors
/// As [`sync`].
#[expect(clippy::too_many_arguments, reason = "the sync and the place of its steps")]
pub async fn sync_watched(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &str,
    org_id: Option<&str>,
    kinds: &[MirrorKind],
    open: &transactions::Open,
    first: usize,
) -> Result<()> {
    sync(
        db,
        clock,
        webex,
        organisation,
        org_id,
        kinds,
        &Steps { open, kinds, first },
    )
    .await
}
