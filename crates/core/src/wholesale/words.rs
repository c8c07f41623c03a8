//! Customers, packages and remarks in words. Pure.

use super::{Customer, PackageDetail, Remark};

/// The name a person knows a package by; one that Patchbay does not know is named as Webex names it.
pub(super) fn package_name(name: &str) -> String {
    match name {
        "common_area_calling" => "Common Area Calling",
        "webex_calling" => "Webex Calling",
        "webex_meetings" => "Webex Meetings",
        "webex_suite" => "Webex Suite",
        "webex_voice" => "Webex Voice",
        "cx_essentials" => "Customer Assist",
        "webex_calling_standard" => "Webex Calling Standard",
        "cisco_calling_plan" => "Cisco Calling Plan",
        "attendant_console" => "Attendant Console",
        "cx_premium_agent" => "Contact Center Premium Agent",
        "cx_standard_agent" => "Contact Center Standard Agent",
        "cx_voice_ports" => "Contact Center Voice Ports",
        "cx_ai_assistant" => "Contact Center AI Assistant",
        "webex_ai_agent" => "Webex AI Agent",
        unknown => unknown,
    }
    .to_owned()
}

/// What a customer is called: its organisation, else its external id, else its id.
pub(super) fn called(customer: &Customer) -> String {
    customer
        .org_name
        .as_ref()
        .or(customer.external_id.as_ref())
        .unwrap_or(&customer.id)
        .clone()
}

/// A remark as a sentence, with its code.
pub(super) fn sentence(remark: &Remark) -> String {
    let text = remark.description.trim().trim_end_matches('.');
    match (&remark.code, text) {
        (Some(code), "") => format!("Code {code}, without a reason."),
        (Some(code), text) => format!("{text} ({code})."),
        (None, "") => "No reason was given.".to_owned(),
        (None, text) => format!("{text}."),
    }
}

/// Errors, and everything about packages that are not simply provisioned, in sentences.
pub(super) fn remarks(customer: &Customer) -> Vec<String> {
    let mut sentences: Vec<String> = customer.errors.iter().map(sentence).collect();
    sentences.extend(customer.resource_details.iter().filter_map(of_package));
    sentences
}

fn of_package(package: &PackageDetail) -> Option<String> {
    let reasons: Vec<String> = package
        .errors
        .iter()
        .chain(&package.warnings)
        .map(sentence)
        .collect();
    let name = package_name(&package.name);
    match (package.status.as_str(), reasons.is_empty()) {
        ("provisioned", true) => None,
        ("provisioned", false) => Some(format!("{name}, with a warning: {}", reasons.join(" "))),
        (status, true) => Some(format!("{name}: {status}.")),
        (status, false) => Some(format!("{name}: {status}. {}", reasons.join(" "))),
    }
}
