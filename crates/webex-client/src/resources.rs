//! Typed resources. All are lenient readers: unknown fields are ignored, unknown enumeration values kept, and whatever
//! Webex was seen to leave out is optional.

mod activation_mails;
mod authorizations;
mod contact_center;
mod enterprises;
mod licences;
mod locations;
mod numbers;
mod organisations;
mod people;
mod roles;
mod subscribers;
mod validation;
mod wholesale;

pub use activation_mails::{
    ActivationMailCounts, ActivationMailError, ActivationMailErrorBody, ActivationMailErrorMessage,
    ActivationMailsJob, JobStatus,
};
pub use authorizations::{Authorization, AuthorizationKind, AuthorizationOwner, TokenExpiry};
pub use contact_center::{ContactCenterMeta, ContactCenterUser, ContactCenterUsers};
pub use enterprises::{
    DirectorySync, DirectorySyncAnswer, DirectorySyncStatus, Enterprise, EnterprisesQuery, SyncError,
    SyncStatus,
};
pub use licences::{
    CallingProperties, Licence, LicenceHolder, LicenceHolderKind, LicenceOperation, Operation, PatchAnswer,
    PatchLicences, SiteUrl,
};
pub use locations::{Address, CallingLineId, Location, LocationsQuery, TelephonyLocation};
pub use numbers::{
    Number, NumberCounts, NumberLocation, NumberOwner, NumberState, NumberType, NumbersQuery, OwnerType,
    PhoneNumberType,
};
pub use organisations::Organisation;
pub use people::{PeopleQuery, Person, PersonStatus, PhoneNumber, PhoneNumberKind, SipAddress};
pub use roles::Role;
pub use subscribers::{
    BroadworksSubscriber, BroadworksSubscribersQuery, SubscriberError, SubscriberStatus, WholesaleSubscriber,
    WholesaleSubscribersQuery,
};
pub use validation::{
    ExtensionCheck, ExtensionState, ExtensionsCheck, NumberCheck, NumberCheckState, NumbersCheck,
};
pub use wholesale::{
    CustomerStatus, WholesaleAddress, WholesaleChange, WholesaleCheck, WholesaleCustomer,
    WholesaleCustomersQuery, WholesalePackage, WholesalePackageStatus, WholesaleRemark, WholesaleResources,
    WholesaleVerdict,
};

use crate::client::Query;
use crate::error::{Error, ErrorKind};

/// Adds a parameter when there is a value.
fn push(query: &mut Query, name: &'static str, value: Option<impl ToString>) {
    if let Some(value) = value {
        query.push((name, value.to_string()));
    }
}

/// An empty id would address the list instead of the object.
fn given<'a>(id: &'a str, what: &str) -> Result<&'a str, Error> {
    match id.trim() {
        "" | "." | ".." => Err(Error::new(ErrorKind::Config, format!("no {what} id was given"))),
        id => Ok(id),
    }
}
