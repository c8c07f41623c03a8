//! The state as plain structs, for assertions.

use serde::Serialize;
use uuid::Uuid;

use crate::cloud::Cloud;
use crate::cloud::inventory::Owner;
use crate::ids;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// UUID.
    pub uuid: String,
    /// Webex id.
    pub id: String,
    /// E-mail.
    pub email: String,
    /// Display name.
    pub display_name: String,
    /// Webex ids of licences held, in the order they came.
    pub licences: Vec<String>,
    /// Their names, same order.
    pub licence_names: Vec<String>,
    /// Webex id of the calling location.
    pub location: Option<String>,
    /// Its name.
    pub location_name: Option<String>,
    /// Bare extension.
    pub extension: Option<String>,
    /// Primary number, E.164.
    pub number: Option<String>,
    /// Alternate numbers, E.164.
    pub alternates: Vec<String>,
    /// `active`, `pending`, …
    pub status: String,
    /// Invitation not accepted.
    pub invite_pending: bool,
}

/// A licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenceView {
    /// Webex id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Subscription.
    pub subscription: String,
    /// Units bought.
    pub total: u64,
    /// Units in use, true even when the API's counters lag.
    pub consumed: u64,
}

/// A number, or an extension without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberView {
    /// E.164; `None` for an extension without number.
    pub number: Option<String>,
    /// Bare extension.
    pub extension: Option<String>,
    /// Name of the location.
    pub location_name: String,
    /// Webex id of the location.
    pub location: String,
    /// Active.
    pub active: bool,
    /// Type of the owner, `PEOPLE` among them; `None` for a free number.
    pub owner_type: Option<String>,
    /// E-mail of a person, name of anything else.
    pub owner: Option<String>,
}

/// A customer of the wholesale partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerView {
    /// Webex id.
    pub id: String,
    /// External id.
    pub external_id: Option<String>,
    /// Webex id of its organisation.
    pub org_id: Option<String>,
    /// Its name; `None` where the partner may not read it.
    pub org_name: Option<String>,
    /// Status.
    pub status: String,
    /// Packages.
    pub packages: Vec<String>,
    /// addressLine1, addressLine2, city, stateOrProvince, zipOrPostalCode, country.
    pub address: Option<[String; 6]>,
}

/// A subscriber of the wholesale partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WholesaleSubscriberView {
    /// Webex id.
    pub id: String,
    /// E-mail.
    pub email: String,
    /// Webex id of the customer.
    pub customer: Option<String>,
    /// Package.
    pub package: String,
    /// State.
    pub status: String,
    /// `code description` of each error.
    pub errors: Vec<String>,
}

/// The wholesale subscribers in the order they were made.
#[must_use]
pub fn wholesale_subscribers(cloud: &Cloud) -> Vec<WholesaleSubscriberView> {
    let wholesale = &cloud.wholesale;
    let customer = |uuid| {
        wholesale
            .customers
            .iter()
            .find(|c| c.uuid == uuid)
            .map(|c| c.id.clone())
    };
    let subscribers = wholesale.subscribers.iter();
    subscribers
        .map(|s| WholesaleSubscriberView {
            id: s.id.clone(),
            email: s.email.clone(),
            customer: customer(s.customer),
            package: s.package.clone(),
            status: s.status.clone(),
            errors: crate::control::broadworks::texts(&s.errors),
        })
        .collect()
}

/// The customers in list order, as they stand now.
#[must_use]
pub fn wholesale_customers(cloud: &mut Cloud) -> Vec<CustomerView> {
    cloud.wholesale.settle(cloud.clock.elapsed());
    let view = |c: &crate::cloud::wholesale::Customer| CustomerView {
        id: c.id.clone(),
        external_id: c.external_id.clone(),
        org_id: c.organisation.as_ref().map(|o| o.id.clone()),
        org_name: c.organisation.as_ref().and_then(|o| o.name.clone()),
        status: c.status.clone(),
        packages: c.packages.clone(),
        address: c.address.clone(),
    };
    cloud.wholesale.customers.iter().map(view).collect()
}

/// Somebody by e-mail, UUID or Webex id.
#[must_use]
pub fn person(cloud: &Cloud, who: &str) -> Option<PersonView> {
    view(cloud, position(cloud, who)?)
}

/// Position of somebody by e-mail, UUID or Webex id.
#[must_use]
pub fn position(cloud: &Cloud, who: &str) -> Option<usize> {
    cloud
        .people
        .by_email(who)
        .or_else(|| Uuid::parse_str(who).ok().and_then(|u| cloud.people.by_uuid(u)))
        .or_else(|| {
            ids::expect_uuid(who, "PEOPLE")
                .ok()
                .and_then(|u| cloud.people.by_uuid(u))
        })
}

/// Everybody.
#[must_use]
pub fn people(cloud: &Cloud) -> Vec<PersonView> {
    cloud
        .people
        .from(0)
        .filter_map(|(at, _)| view(cloud, at))
        .collect()
}

fn view(cloud: &Cloud, at: usize) -> Option<PersonView> {
    let p = cloud.people.get(at)?;
    let location = p.calling.as_ref().map(|c| &cloud.locations[c.location]);
    Some(PersonView {
        uuid: p.uuid.to_string(),
        id: p.id.clone(),
        email: p.email.clone(),
        display_name: p.display_name.clone(),
        licences: p.licences.iter().map(|l| cloud.licences[*l].id.clone()).collect(),
        licence_names: p
            .licences
            .iter()
            .map(|l| cloud.licences[*l].name.clone())
            .collect(),
        location: location.map(|l| l.id.clone()),
        location_name: location.map(|l| l.name.clone()),
        extension: p.calling.as_ref().and_then(|c| c.extension.clone()),
        number: p.calling.as_ref().and_then(|c| c.number.clone()),
        alternates: p
            .calling
            .iter()
            .flat_map(|c| &c.alternates)
            .map(|a| a.number.clone())
            .collect(),
        status: p.status.clone(),
        invite_pending: p.invite_pending,
    })
}

/// All licences.
#[must_use]
pub fn licences(cloud: &Cloud) -> Vec<LicenceView> {
    let view = |l: &crate::cloud::licences::Licence| LicenceView {
        id: l.id.clone(),
        name: l.name.clone(),
        subscription: l.subscription.clone(),
        total: l.total,
        consumed: l.consumed(),
    };
    cloud.licences.iter().map(view).collect()
}

/// All numbers, then the extensions without one.
#[must_use]
pub fn numbers(cloud: &Cloud) -> Vec<NumberView> {
    let owner = |owner: Option<Owner>| match owner {
        None => (None, None),
        Some(Owner::Person(at)) => (
            Some("PEOPLE".to_owned()),
            cloud.people.get(at).map(|p| p.email.clone()),
        ),
        Some(Owner::Feature(at)) => {
            let feature = &cloud.inventory.features[at];
            (Some(feature.kind.clone()), Some(feature.name.clone()))
        }
    };
    let view = |number: Option<&String>,
                extension: Option<&String>,
                location: usize,
                active: bool,
                owned: Option<Owner>| {
        let (owner_type, owner) = owner(owned);
        NumberView {
            number: number.cloned(),
            extension: extension.cloned(),
            location_name: cloud.locations[location].name.clone(),
            location: cloud.locations[location].id.clone(),
            active,
            owner_type,
            owner,
        }
    };
    let inventory = &cloud.inventory;
    let numbered = inventory
        .numbers
        .iter()
        .map(|(d, n)| view(Some(d), n.extension.as_ref(), n.location, n.active, n.owner));
    let bare = inventory.extensions.iter().filter(|(_, e)| e.number.is_none());
    numbered
        .chain(bare.map(|((l, x), e)| view(None, Some(x), *l, true, Some(e.owner))))
        .collect()
}
