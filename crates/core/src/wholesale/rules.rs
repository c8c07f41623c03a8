//! What a change of a customer must keep to, and what it does. Pure.
//!
//! Webex has the last word: what may differ from country to country, and packages Patchbay does not know, are left to its check.

use super::words::package_name;
use super::{Address, Customer, CustomerChange};
use crate::error::{Error, Result};
use webex_client::{WholesaleAddress, WholesaleChange};

/// Characters of an address line (Webex's contract).
const LINE: usize = 50;
/// Characters of any other text (document 003).
const TEXT: usize = 1024;

/// A package and those of which it needs one (Webex's contract).
const NEEDS: [(&str, &[&str]); 2] = [
    (
        "attendant_console",
        &["webex_calling", "webex_suite", "cx_essentials"],
    ),
    (
        "cisco_calling_plan",
        &[
            "common_area_calling",
            "webex_calling",
            "webex_suite",
            "webex_voice",
            "cx_essentials",
            "webex_calling_standard",
        ],
    ),
];

/// What a change does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// External id or address.
    pub details: bool,
}

impl Difference {
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && !self.details
    }
}

/// A text that says something, without space around it.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The parts in Webex's order.
fn parts(address: &Address) -> [Option<&str>; 6] {
    [
        given(address.address_line1.as_deref()),
        given(address.address_line2.as_deref()),
        given(address.city.as_deref()),
        given(address.state_or_province.as_deref()),
        given(address.zip_or_postal_code.as_deref()),
        given(address.country.as_deref()),
    ]
}

fn same_address(one: Option<&Address>, other: Option<&Address>) -> bool {
    one.map(parts).unwrap_or_default() == other.map(parts).unwrap_or_default()
}

fn same_packages(one: &[String], other: &[String]) -> bool {
    one.iter().all(|name| other.contains(name)) && other.iter().all(|name| one.contains(name))
}

/// Whether what can be changed is the same in both.
pub(super) fn same(one: &Customer, other: &Customer) -> bool {
    same_packages(&one.packages, &other.packages)
        && given(one.external_id.as_deref()) == given(other.external_id.as_deref())
        && same_address(one.address.as_ref(), other.address.as_ref())
}

pub(super) fn difference(before: &Customer, change: &CustomerChange) -> Difference {
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        of.iter().filter(|name| !from.contains(name)).cloned().collect()
    };
    Difference {
        added: missing(&before.packages, &change.packages),
        removed: missing(&change.packages, &before.packages),
        details: given(before.external_id.as_deref()) != given(Some(&change.external_id))
            || !same_address(before.address.as_ref(), Some(&change.address)),
    }
}

/// Packages that were asked for and are not there, and such that should be gone.
pub(super) fn outstanding(customer: &Customer, change: &CustomerChange) -> Vec<String> {
    let difference = difference(customer, change);
    let mut outstanding = difference.added;
    outstanding.extend(difference.removed);
    outstanding
}

/// Refuses fields that cannot be sent. What is as it was is not judged.
pub(super) fn check_details(before: &Customer, change: &CustomerChange) -> Result<()> {
    check_external_id(before, change)?;
    if same_address(before.address.as_ref(), Some(&change.address)) {
        return Ok(());
    }
    let address = &change.address;
    let required = [
        ("addressLine1", "an address line", &address.address_line1),
        ("city", "a city", &address.city),
        ("country", "a country", &address.country),
    ];
    for (field, what, text) in required {
        if given(text.as_deref()).is_none() {
            return Err(Error::invalid(
                field,
                format!("Webex wants {what} in every address. Enter it."),
            ));
        }
    }
    let limits = [
        ("addressLine1", &address.address_line1, LINE),
        ("addressLine2", &address.address_line2, LINE),
        ("city", &address.city, TEXT),
        ("stateOrProvince", &address.state_or_province, TEXT),
        ("zipOrPostalCode", &address.zip_or_postal_code, TEXT),
    ];
    for (field, text, limit) in limits {
        check_text(field, given(text.as_deref()).unwrap_or_default(), limit)?;
    }
    let country = given(address.country.as_deref()).unwrap_or_default();
    if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(Error::invalid(
            "country",
            format!(
                "\"{country}\" is no country code. Webex wants the two capital letters of ISO 3166, for instance GB or US."
            ),
        ));
    }
    Ok(())
}

fn check_external_id(before: &Customer, change: &CustomerChange) -> Result<()> {
    let (was, will) = (
        given(before.external_id.as_deref()),
        given(Some(&change.external_id)),
    );
    match (was, will) {
        _ if was == will => Ok(()),
        (Some(was), None) => Err(Error::invalid(
            "externalId",
            format!(
                "An external id cannot be taken away, only replaced. Enter another one, or \"{was}\" again."
            ),
        )),
        _ => check_text("externalId", will.unwrap_or_default(), TEXT),
    }
}

fn check_text(field: &'static str, text: &str, limit: usize) -> Result<()> {
    let characters = text.chars().count();
    if characters > limit {
        return Err(Error::invalid(
            field,
            format!("This has {characters} characters; Webex takes {limit} at most. Shorten it."),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            "This holds a line break or another control character. Remove it.",
        ));
    }
    Ok(())
}

/// What is wrong with the list of packages, in sentences.
pub(super) fn package_problems(packages: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    if packages.is_empty() {
        problems.push(
            "A customer keeps at least one package. To take all of them away, remove the customer in Partner Hub."
                .to_owned(),
        );
    }
    for (at, name) in packages.iter().enumerate() {
        if name.trim().is_empty() || name.trim() != name {
            problems.push(format!("\"{name}\" is no name of a package."));
        } else if packages.iter().take(at).any(|before| before == name) {
            problems.push(format!("The package {} is named twice.", package_name(name)));
        }
    }
    for (name, one_of) in NEEDS {
        let has = |wanted: &str| packages.iter().any(|held| held == wanted);
        if has(name) && !one_of.iter().any(|wanted| has(wanted)) {
            let names: Vec<String> = one_of.iter().map(|name| package_name(name)).collect();
            problems.push(format!(
                "{} needs one of these as well: {}.",
                package_name(name),
                names.join(", ")
            ));
        }
    }
    problems
}

/// What Webex will take away, in sentences. `called` is the customer.
pub(super) fn destroys(called: &str, difference: &Difference) -> Vec<String> {
    difference
        .removed
        .iter()
        .map(|name| {
            format!(
                "{} is taken from {called}: every subscriber who has it loses it, with what is set up in it.",
                package_name(name)
            )
        })
        .collect()
}

/// What is sent: everything, changed or not, because Webex takes away packages that are not in the list.
pub(super) fn to_wire(change: &CustomerChange) -> WholesaleChange {
    WholesaleChange {
        external_id: given(Some(&change.external_id)).map(str::to_owned),
        packages: change.packages.clone(),
        address: to_wire_address(&change.address),
    }
}

pub(super) fn to_wire_address(address: &Address) -> Option<WholesaleAddress> {
    let parts = parts(address).map(|part| part.map(str::to_owned));
    if parts.iter().all(Option::is_none) {
        return None;
    }
    let [
        address_line1,
        address_line2,
        city,
        state_or_province,
        zip_or_postal_code,
        country,
    ] = parts;
    Some(WholesaleAddress {
        address_line1,
        address_line2,
        city,
        state_or_province,
        zip_or_postal_code,
        country,
    })
}

/// How a status is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    Provisioned,
    WithErrors,
    Failed,
    /// Webex is at work, or somebody at Webex is.
    UnderWay,
    /// A word Patchbay does not know.
    Unknown,
}

pub(super) fn stand(status: &str) -> Stand {
    match status {
        "provisioned" => Stand::Provisioned,
        "provisioned_with_errors" => Stand::WithErrors,
        "error" => Stand::Failed,
        "provisioning" | "updating" | "deleting" | "pending_rpl_review" => Stand::UnderWay,
        _ => Stand::Unknown,
    }
}

/// Whether a package is still on its way.
pub(super) fn packages_under_way(customer: &Customer) -> bool {
    customer
        .resource_details
        .iter()
        .any(|package| matches!(package.status.as_str(), "provisioning" | "deleting"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> Customer {
        Customer {
            id: "c".to_owned(),
            org_id: None,
            org_name: None,
            external_id: Some("CUST-1".to_owned()),
            address: Some(address()),
            status: "provisioned".to_owned(),
            packages: vec!["webex_calling".to_owned(), "holo_calling".to_owned()],
            resource_details: Vec::new(),
            errors: Vec::new(),
            as_of: String::new(),
            followed_by: None,
        }
    }

    fn address() -> Address {
        Address {
            address_line1: Some("1 High Street".to_owned()),
            city: Some("Leeds".to_owned()),
            country: Some("GB".to_owned()),
            ..Address::default()
        }
    }

    fn change() -> CustomerChange {
        CustomerChange {
            external_id: "CUST-1".to_owned(),
            address: address(),
            packages: customer().packages,
        }
    }

    fn refused_at(edit: impl FnOnce(&mut CustomerChange)) -> Option<&'static str> {
        let mut change = change();
        edit(&mut change);
        match check_details(&customer(), &change) {
            Err(Error::Invalid { field, .. }) => field,
            _ => None,
        }
    }

    #[test]
    fn details_are_judged_where_they_change() {
        assert_eq!(refused_at(|_| {}), None);
        assert_eq!(refused_at(|c| c.external_id = "  ".into()), Some("externalId"));
        assert_eq!(
            refused_at(|c| c.external_id = "x".repeat(1025)),
            Some("externalId")
        );
        assert_eq!(refused_at(|c| c.external_id = "a\nb".into()), Some("externalId"));
        assert_eq!(refused_at(|c| c.address.city = Some(" ".into())), Some("city"));
        assert_eq!(
            refused_at(|c| c.address.country = Some("gb".into())),
            Some("country")
        );
        assert_eq!(
            refused_at(|c| c.address.country = Some("ÄÖ".into())),
            Some("country")
        );
        assert_eq!(
            refused_at(|c| c.address.address_line2 = Some("é".repeat(51))),
            Some("addressLine2")
        );
        assert_eq!(
            refused_at(|c| c.address.address_line2 = Some("é".repeat(50))),
            None
        );
        // Webex told it so: an address that stays is not our business.
        let mut odd = customer();
        odd.address.as_mut().unwrap().country = Some("Great Britain".to_owned());
        let mut same = change();
        same.address = odd.address.clone().unwrap();
        assert!(check_details(&odd, &same).is_ok());
        odd.address = None;
        same.address = Address {
            city: Some(String::new()),
            ..Address::default()
        };
        assert!(
            check_details(&odd, &same).is_ok(),
            "no address before, none after"
        );
        assert!(to_wire(&same).address.is_none());
    }

    #[test]
    fn packages_need_each_other() {
        let problems = |names: &[&str]| {
            package_problems(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).len()
        };
        assert_eq!(problems(&[]), 1);
        assert_eq!(problems(&["webex_calling", "webex_calling"]), 1);
        assert_eq!(problems(&["attendant_console"]), 1);
        assert_eq!(problems(&["attendant_console", "webex_voice"]), 1);
        for one in ["webex_calling", "webex_suite", "cx_essentials"] {
            assert_eq!(problems(&["attendant_console", one]), 0, "{one}");
        }
        assert_eq!(problems(&["cisco_calling_plan", "webex_meetings"]), 1);
        assert_eq!(problems(&["cisco_calling_plan", "common_area_calling"]), 0);
        assert_eq!(problems(&["holo_calling", " "]), 1);
    }

    #[test]
    fn differences_do_not_depend_on_order_or_spaces() {
        let mut other = change();
        other.packages.reverse();
        other.address.city = Some(" Leeds ".to_owned());
        assert!(difference(&customer(), &other).is_empty());
        other.packages = vec!["holo_calling".to_owned(), "webex_suite".to_owned()];
        let difference = difference(&customer(), &other);
        assert_eq!(
            (difference.added, difference.removed, difference.details),
            (
                vec!["webex_suite".to_owned()],
                vec!["webex_calling".to_owned()],
                false
            )
        );
    }
}
