//! Which transactions can be tried again, and why the others cannot. Pure.

use super::{TransactionKind, TransactionState};

/// Why a transaction cannot be tried again, as the end of a sentence; None if it can.
pub(super) fn refusal(kind: TransactionKind, state: TransactionState) -> Option<&'static str> {
    use TransactionKind as Kind;
    match state {
        TransactionState::Running => return Some("it is still running."),
        TransactionState::Succeeded => return Some("it has succeeded."),
        TransactionState::Failed | TransactionState::Cancelled | TransactionState::Interrupted => {}
    }
    match kind {
        Kind::Onboarding | Kind::MirrorSync | Kind::ActivationSync => None,
        Kind::OrganisationAdded | Kind::OrganisationChanged => Some("enter it again under Organisations."),
        Kind::OrganisationRemoved => Some("delete the organisation again under Organisations."),
        Kind::Consent => {
            Some("an administrator must consent anew. Connect the organisation under Organisations.")
        }
        Kind::TokenRefresh => Some("tokens change with every renewal. Renew them under Organisations."),
        Kind::ConnectionCheck => Some("a check says how it is now. Begin a new one under Organisations."),
        Kind::WholesaleSync => Some("begin a new copy on the organisation's page of wholesale customers."),
        Kind::WholesaleChange => {
            Some("Webex may have carried out a part of it. Look at the customer first, then change it anew.")
        }
        Kind::ActivationRefresh => Some("refresh the users again under Activation."),
        Kind::ActivationMails => Some(
            "Webex may have sent a part of the mails. Look at the job's counts first, then send them anew under Activation.",
        ),
        Kind::DirectorySync => {
            Some("look at its state under Activation first; a second request would count as one of its own.")
        }
        Kind::OrganisationsImported => Some("choose the file again under Organisations."),
        Kind::LiveCheck => Some("look at the plan of the template; it is checked anew there."),
        Kind::BulkAssignment => Some("resume the run, or make a draft of its failed rows from the report."),
        Kind::Export => Some("save the file again where it came from."),
    }
}
