//! Activation for Rust: what the control API has below `/_sandbox/broadworks`, of wholesale subscribers and of people.

pub use crate::cloud::directory_sync::NobodyProvisioned;
pub use crate::control::broadworks::{
    BroadWorksSettings, EnterpriseChange, EnterpriseView, SubscriberChange, SubscriberView, SyncBy,
    SyncEnding,
};
pub use crate::control::error_text::ErrorText;

use crate::control::{broadworks as control, people, wholesale};
use crate::views::{self, WholesaleSubscriberView};
use crate::{Sandbox, WholesaleSubscriberChange};

impl Sandbox {
    /// Changes how BroadWorks behaves, and adds to it; false where more subscribers are to be added than it takes.
    pub fn set_broadworks(&self, settings: &BroadWorksSettings) -> bool {
        self.with(|c| control::set(c, settings)).is_ok()
    }

    /// The subscribers in list order, as they stand now.
    #[must_use]
    pub fn subscribers(&self) -> Vec<SubscriberView> {
        self.with(control::subscribers)
    }

    /// A subscriber by Webex id, user id or e-mail.
    #[must_use]
    pub fn subscriber(&self, which: &str) -> Option<SubscriberView> {
        self.with(|c| control::subscriber(c, which))
    }

    /// Changes a subscriber (Webex id, user id or e-mail); false where there is none.
    pub fn change_subscriber(&self, which: &str, change: &SubscriberChange) -> bool {
        self.with(|c| control::change_subscriber(c, which, change))
            .is_ok()
    }

    /// Deletes a subscriber (Webex id, user id or e-mail); false where there is none.
    pub fn delete_subscriber(&self, which: &str) -> bool {
        self.with(|c| control::delete_subscriber(c, which)).is_ok()
    }

    /// The subscribers of the wholesale partner, in the order they were made.
    #[must_use]
    pub fn wholesale_subscribers(&self) -> Vec<WholesaleSubscriberView> {
        self.with(|c| views::wholesale_subscribers(c))
    }

    /// Changes a subscriber of the wholesale partner (Webex id or e-mail); false where there is none.
    pub fn change_wholesale_subscriber(&self, which: &str, change: &WholesaleSubscriberChange) -> bool {
        self.with(|c| wholesale::change_subscriber(c, which, change))
    }

    /// Whether somebody (e-mail, UUID or Webex id) has yet to accept the invitation, and the person's status; false when there
    /// is nobody.
    pub fn set_invitation(&self, who: &str, pending: bool, status: &str) -> bool {
        self.with(|c| people::set_invitation(c, who, Some(pending), Some(status)))
    }

    /// The enterprises in list order, as they stand now.
    #[must_use]
    pub fn enterprises(&self) -> Vec<EnterpriseView> {
        self.with(control::enterprises)
    }

    /// Changes an enterprise (Webex id or name), or starts a synchronisation of it; false where there is none, or where a
    /// synchronisation is refused.
    pub fn change_enterprise(&self, which: &str, change: &EnterpriseChange) -> bool {
        self.with(|c| control::change_enterprise(c, which, change))
            .is_ok()
    }
}
