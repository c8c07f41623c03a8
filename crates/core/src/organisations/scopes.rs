//! Which permissions Patchbay asks for, in words (product O5; webex-api reference, section 3). Pure.
//!
//! No more is asked for than the organisation's features need: every scope must be registered at the customer's
//! integration, and one that is not makes Webex refuse the whole consent.

use super::model::Permission;

/// What an organisation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    pub wholesale: bool,
    pub contact_center: bool,
    /// Activation and directory sync of BroadWorks subscribers.
    pub broadworks: bool,
}

/// Group, scope, label, and what is off without it. Entries of a group stand together.
type Entry = (&'static str, &'static str, &'static str, &'static str);

const COPY: &str = "Copy of the organisation";
const ASSIGNMENT: &str = "Bulk assignment";
const NUMBERS: &str = "Numbers";
const CUSTOMERS: &str = "Wholesale customers";
const ACTIVATION: &str = "Activation";
const CONTACT: &str = "Contact center";
const DIRECTORY: &str = "Directory Sync";

const BASE: [Entry; 10] = [
    (
        COPY,
        "spark:kms",
        "Allow decryption and encryption",
        "names and addresses that Webex keeps encrypted may be missing",
    ),
    (
        COPY,
        "spark-admin:people_read",
        "Read users",
        "no users are copied, so nothing can be checked or assigned",
    ),
    (
        COPY,
        "spark-admin:roles_read",
        "Read roles",
        "roles of users are not shown",
    ),
    (
        COPY,
        "spark-admin:organizations_read",
        "Read the organisation",
        "the account number cannot be compared with the organisation that consented",
    ),
    (
        COPY,
        "spark-admin:locations_read",
        "Read locations",
        "no location can be chosen",
    ),
    (
        ASSIGNMENT,
        "spark-admin:people_write",
        "Write users",
        "no licences, extensions or numbers can be assigned",
    ),
    (
        ASSIGNMENT,
        "spark-admin:licenses_read",
        "Read licences",
        "no licence can be chosen or counted",
    ),
    (
        ASSIGNMENT,
        "spark-admin:telephony_config_read",
        "Read and list telephony configuration",
        "extensions and numbers in use are not known beforehand",
    ),
    (
        ASSIGNMENT,
        "spark-admin:telephony_config_write",
        "Create, edit and delete telephony configuration",
        "extensions and numbers cannot be edited or checked live",
    ),
    (
        NUMBERS,
        "spark-admin:telephony_pstn_read",
        "Read PSTN connections of locations",
        "the PSTN connection of a location is not known",
    ),
];

const WHOLESALE: [Entry; 4] = [
    (
        CUSTOMERS,
        "spark-admin:wholesale_customers_read",
        "Read wholesale customers",
        "wholesale customers are not listed",
    ),
    (
        CUSTOMERS,
        "spark-admin:wholesale_customers_write",
        "Write wholesale customers",
        "wholesale customers and their packages cannot be changed",
    ),
    (
        ACTIVATION,
        "spark-admin:wholesale_subscribers_read",
        "Read wholesale subscribers",
        "the activation of wholesale subscribers is not shown",
    ),
    (
        ACTIVATION,
        "spark-admin:wholesale_subscribers_write",
        "Write wholesale subscribers",
        "wholesale subscribers cannot be changed",
    ),
];

const CONTACT_CENTER: [Entry; 1] = [(
    CONTACT,
    "cjp:config_read",
    "Read contact center configuration",
    "contact center numbers are not counted",
)];

const BROADWORKS: [Entry; 4] = [
    (
        ACTIVATION,
        "spark-admin:broadworks_subscribers_read",
        "Read BroadWorks subscribers",
        "the activation of BroadWorks subscribers is not shown",
    ),
    (
        ACTIVATION,
        "spark-admin:broadworks_subscribers_write",
        "Write BroadWorks subscribers",
        "BroadWorks subscribers cannot be changed",
    ),
    (
        DIRECTORY,
        "spark-admin:broadworks_enterprises_read",
        "Read BroadWorks enterprises",
        "the state of Directory Sync is not shown",
    ),
    (
        DIRECTORY,
        "spark-admin:broadworks_enterprises_write",
        "Write BroadWorks enterprises",
        "Directory Sync cannot be started",
    ),
];

fn entries(wish: Wish) -> impl Iterator<Item = &'static Entry> {
    let part = |wanted: bool, entries: &'static [Entry]| if wanted { entries } else { &[] };
    BASE.iter()
        .chain(part(wish.contact_center, &CONTACT_CENTER))
        .chain(part(wish.wholesale, &WHOLESALE))
        .chain(part(wish.broadworks, &BROADWORKS))
}

/// The scopes to ask for, in the order they are shown.
pub fn wanted(wish: Wish) -> Vec<&'static str> {
    entries(wish).map(|(_, scope, ..)| *scope).collect()
}

/// The permissions before any consent: nothing is known of what is granted.
pub fn permissions(wish: Wish) -> Vec<Permission> {
    compare(wish, None)
}

/// The wanted permissions, each with whether it is among `granted`. None where Webex did not say what it granted.
pub fn compare(wish: Wish, granted: Option<&[String]>) -> Vec<Permission> {
    entries(wish)
        .map(|(group, scope, label, feature)| Permission {
            scope: (*scope).to_owned(),
            label: (*label).to_owned(),
            feature: (*feature).to_owned(),
            group: (*group).to_owned(),
            granted: granted.map(|granted| granted.iter().any(|own| own == scope)),
        })
        .collect()
}

/// The wanted permissions that were certainly not granted.
pub fn missing(wish: Wish, granted: Option<&[String]>) -> Vec<Permission> {
    compare(wish, granted)
        .into_iter()
        .filter(|permission| permission.granted == Some(false))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const EVERYTHING: Wish = Wish {
        wholesale: true,
        contact_center: true,
        broadworks: true,
    };

    #[test]
    fn only_what_is_used_is_asked_for() {
        let base = wanted(Wish::default());
        assert_eq!(base.len(), 10);
        assert!(
            !base
                .iter()
                .any(|scope| scope.contains("wholesale") || scope.contains("broadworks"))
        );
        assert!(
            wanted(Wish {
                contact_center: true,
                ..Wish::default()
            })
            .contains(&"cjp:config_read")
        );
        let all: BTreeSet<_> = wanted(EVERYTHING).into_iter().collect();
        assert_eq!(all.len(), 19, "no scope is asked for twice");
    }

    #[test]
    fn every_permission_stands_with_its_group() {
        let groups: Vec<String> = permissions(EVERYTHING)
            .into_iter()
            .map(|permission| permission.group)
            .collect();
        let mut shown = groups.clone();
        shown.dedup();
        let different: BTreeSet<_> = groups.iter().collect();
        assert_eq!(shown.len(), different.len(), "{groups:?}");
        assert!(groups.iter().all(|group| !group.is_empty()));
    }

    #[test]
    fn what_was_not_granted_is_named() {
        let granted: Vec<String> = wanted(Wish::default())
            .into_iter()
            .skip(1)
            .map(str::to_owned)
            .collect();
        let missing = missing(Wish::default(), Some(&granted));
        assert_eq!(
            missing.iter().map(|p| p.scope.as_str()).collect::<Vec<_>>(),
            ["spark:kms"]
        );
        assert!(
            super::missing(Wish::default(), None).is_empty(),
            "an answer without scopes accuses nobody"
        );
        assert!(compare(Wish::default(), None).iter().all(|p| p.granted.is_none()));
    }
}
