//! What a person enters for an organisation, as several tests need it.

use patchbay_core::organisations::{Environment, OrganisationFields, SecretEdit};

pub fn fields(name: &str, environment: Environment) -> OrganisationFields {
    OrganisationFields {
        name: name.to_owned(),
        wholesale: false,
        contact_center: false,
        contact_center_region: None,
        account_number: None,
        admin_email: None,
        http_proxy: SecretEdit::Keep,
        https_proxy: SecretEdit::Keep,
        ca_file: patchbay_core::organisations::CaEdit::Keep,
        default_calling_behaviour: None,
        email_domain: None,
        directory_sync_enabled: false,
        sync_on_create: true,
        notes: None,
        environment,
    }
}
