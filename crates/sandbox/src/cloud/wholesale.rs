//! The customers and subscribers of a wholesale partner.
//!
//! Invariant: what was accepted is carried out later, by the sandbox's clock or by a number of reads; whoever looks at a
//! customer settles it first ([`Wholesale::settle`]). Reference: section 8.

use std::time::Duration;

use uuid::Uuid;

use crate::ids;

/// What Webex sells to customers, as the contract lists it.
pub const PACKAGES: [&str; 14] = [
    "common_area_calling",
    "webex_calling",
    "webex_meetings",
    "webex_suite",
    "webex_voice",
    "cx_essentials",
    "webex_calling_standard",
    "cisco_calling_plan",
    "attendant_console",
    "cx_premium_agent",
    "cx_standard_agent",
    "cx_voice_ports",
    "cx_ai_assistant",
    "webex_ai_agent",
];

/// Added to a customer it ends in `error`, with a warning and nothing else.
pub const FAILING_PACKAGE: &str = "cx_ai_assistant";

/// `{errorCode, description}`. The code is written as a number, unless it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Code.
    pub code: String,
    /// Text.
    pub description: String,
}

impl Remark {
    /// A remark.
    pub fn new(code: &str, description: &str) -> Self {
        Self {
            code: code.to_owned(),
            description: description.to_owned(),
        }
    }

    /// The documented example of an error.
    pub fn user_id_taken() -> Self {
        Self::new(
            "10022",
            "The BroadWorks UserID is already associated with an existing user",
        )
    }

    /// The documented example of a failed synchronisation.
    pub fn cluster_unreachable() -> Self {
        Self::new(
            "6003",
            "Broadworks External Directory User Sync failed while trying to connect to Broadworks cluster.",
        )
    }

    /// The documented example of a warning.
    pub fn maintenance() -> Self {
        Self::new(
            "2560",
            "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning. Consult status.webex.com and retry later.",
        )
    }
}

/// A package of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name.
    pub name: String,
    /// `provisioned`, `provisioning`, `deleting`, `error`.
    pub status: String,
    /// Warnings.
    pub warnings: Vec<Remark>,
    /// Errors.
    pub errors: Vec<Remark>,
    /// Licences it stands for.
    pub licences: Vec<String>,
}

/// addressLine1, addressLine2, city, stateOrProvince, zipOrPostalCode, country; empty ones are left out.
pub type Address = [String; 6];

/// The organisation of a customer.
#[derive(Debug, Clone)]
pub struct CustomerOrganisation {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its id as customers carry it.
    pub id: String,
    /// Its name; `None` where the partner may not read it.
    pub name: Option<String>,
}

/// How an accepted change will end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `provisioned`.
    Provisioned,
    /// `provisioned_with_errors`: the last package is in `error` with a warning only.
    WithErrors,
    /// `error`, with an error of the customer.
    Error,
    /// The customer is gone.
    Deleted,
    /// It never ends.
    Never,
}

/// A change that was accepted and is not carried out yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// On the sandbox's clock.
    pub due: Duration,
    /// Reads until it is settled all the same.
    pub reads: Option<u32>,
    /// How.
    pub ending: Ending,
}

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// UUID.
    pub uuid: Uuid,
    /// Webex id of kind ENTERPRISE.
    pub id: String,
    /// Only once it is provisioned.
    pub organisation: Option<CustomerOrganisation>,
    /// External id; may be missing.
    pub external_id: Option<String>,
    /// Address; may be missing.
    pub address: Option<Address>,
    /// Status.
    pub status: String,
    /// Packages asked for.
    pub packages: Vec<String>,
    /// How each package stands.
    pub details: Vec<Package>,
    /// Errors of the customer.
    pub errors: Vec<Remark>,
    /// What is under way.
    pub pending: Option<Pending>,
}

/// A person who has a package.
#[derive(Debug, Clone)]
pub struct Subscriber {
    /// Webex id of kind SUBSCRIBER.
    pub id: String,
    /// Webex id of the person; told only when provisioned.
    pub person: String,
    /// E-mail.
    pub email: String,
    /// UUID of the customer.
    pub customer: Uuid,
    /// Package.
    pub package: String,
    /// `provisioned`, `pending_user_migration`.
    pub status: String,
    /// Errors of the last change.
    pub errors: Vec<Remark>,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339.
    pub changed: String,
}

/// Everything of the partner.
#[derive(Debug, Default)]
pub struct Wholesale {
    /// Whether the organisation may use the wholesale API at all.
    pub entitled: bool,
    /// Customers in the order they were made.
    pub customers: Vec<Customer>,
    /// Subscribers in the order they were made.
    pub subscribers: Vec<Subscriber>,
    /// orgId, subscription, provisioningState.
    pub sub_partners: Vec<[String; 3]>,
    /// How long a change takes.
    pub settle_after: Duration,
    /// After so many reads of the customer it is settled in any case.
    pub settle_reads: Option<u32>,
    /// `GET /v1/organizations` lists the customers' organisations as well.
    pub lists_organisations: bool,
}

impl Wholesale {
    /// Position of a customer by its id of kind ENTERPRISE.
    pub fn customer(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        let uuid = ids::expect_uuid(text, "ENTERPRISE")?;
        Ok(self.customers.iter().position(|c| c.uuid == uuid))
    }

    /// The organisation of that id (plain or encoded), if a customer has it.
    #[must_use]
    pub fn organisation(&self, text: &str) -> Option<&CustomerOrganisation> {
        let uuid = Uuid::parse_str(text)
            .ok()
            .or_else(|| ids::expect_uuid(text, "ORGANIZATION").ok())?;
        self.customers
            .iter()
            .filter_map(|c| c.organisation.as_ref())
            .find(|o| o.uuid == uuid)
    }

    /// A change that begins at `now`.
    #[must_use]
    pub fn pending(&self, now: Duration, ending: Ending) -> Pending {
        Pending {
            due: now.saturating_add(self.settle_after),
            reads: self.settle_reads,
            ending,
        }
    }

    /// Carries out what is due; whether anything was.
    pub fn settle(&mut self, now: Duration) -> bool {
        let mut any = false;
        self.customers.retain_mut(|customer| {
            let due = customer
                .pending
                .as_ref()
                .is_some_and(|p| p.ending != Ending::Never && (p.due <= now || p.reads == Some(0)));
            if !due {
                return true;
            }
            any = true;
            match customer.pending.take().map(|p| p.ending) {
                Some(Ending::Deleted) => return false,
                Some(ending) => customer.end(ending),
                None => {}
            }
            true
        });
        any
    }

    /// Somebody has read this customer.
    pub fn was_read(&mut self, at: usize) {
        if let Some(reads) = self.customers[at].pending.as_mut().and_then(|p| p.reads.as_mut()) {
            *reads = reads.saturating_sub(1);
        }
    }
}

impl Customer {
    /// Takes the packages asked for, each on its way.
    pub fn begin(&mut self, status: &str) {
        self.status = status.to_owned();
        self.errors.clear();
        let before = std::mem::take(&mut self.details);
        self.details = self
            .packages
            .iter()
            .map(|name| {
                let known = before
                    .iter()
                    .find(|p| p.name == *name && p.status == "provisioned");
                known.cloned().unwrap_or_else(|| Package::on_its_way(name))
            })
            .collect();
        let gone = before
            .into_iter()
            .filter(|p| !self.packages.contains(&p.name))
            .map(|p| Package {
                status: "deleting".to_owned(),
                ..p
            });
        self.details.extend(gone);
    }

    fn end(&mut self, ending: Ending) {
        let packages = &self.packages;
        self.details.retain(|p| packages.contains(&p.name));
        for package in &mut self.details {
            package.status = "provisioned".to_owned();
            package.warnings.clear();
            package.errors.clear();
        }
        self.errors.clear();
        self.status = match ending {
            Ending::WithErrors => {
                let at = self.details.iter().position(|p| p.name == FAILING_PACKAGE);
                let at = at.or_else(|| self.details.len().checked_sub(1));
                if let Some(package) = at.map(|at| &mut self.details[at]) {
                    package.status = "error".to_owned();
                    package.warnings = vec![Remark::maintenance()];
                }
                "provisioned_with_errors"
            }
            Ending::Error => {
                self.errors = vec![Remark::new(
                    "10022",
                    "The customer could not be provisioned: the billing address was rejected.",
                )];
                "error"
            }
            _ => "provisioned",
        }
        .to_owned();
    }
}

impl Package {
    /// Not provisioned yet.
    #[must_use]
    pub fn on_its_way(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            status: "provisioning".to_owned(),
            warnings: Vec::new(),
            errors: Vec::new(),
            licences: Vec::new(),
        }
    }
}
