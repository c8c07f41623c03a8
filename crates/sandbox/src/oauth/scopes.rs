//! The scopes the sandbox's integration is registered for, with the words of its consent page. Reference: section 3.

/// Scope and what it allows.
pub const REGISTERED: &[(&str, &str)] = &[
    ("spark:kms", "Allow decryption and encryption"),
    ("spark:all", "Everything its user can do in Webex"),
    ("spark:people_read", "Read people"),
    ("spark:applications_token", "Fetch tokens of service apps"),
    ("spark-admin:people_read", "Read users of the organisation"),
    (
        "spark-admin:people_write",
        "Write users of the organisation and assign licences",
    ),
    ("spark-admin:licenses_read", "Read licences"),
    ("spark-admin:roles_read", "Read roles"),
    ("spark-admin:organizations_read", "Read the organisation"),
    ("spark-admin:organizations_write", "Change the organisation"),
    ("spark-admin:locations_read", "Read locations"),
    ("spark-admin:locations_write", "Create, edit and delete locations"),
    (
        "spark-admin:telephony_config_read",
        "Read and list telephony configuration",
    ),
    (
        "spark-admin:telephony_config_write",
        "Create, edit and delete telephony configuration",
    ),
    ("spark-admin:telephony_pstn_read", "Read PSTN connections"),
    ("spark-admin:telephony_pstn_write", "Change PSTN connections"),
    ("spark-admin:device_read", "Read devices"),
    ("spark-admin:workspaces_read", "Read workspaces"),
    ("spark-admin:workspaces_write", "Write workspaces"),
    ("spark-admin:workspace_locations_read", "Read workspace locations"),
    (
        "spark-admin:workspace_locations_write",
        "Write workspace locations",
    ),
    ("spark-admin:wholesale_customers_read", "Read wholesale customers"),
    (
        "spark-admin:wholesale_customers_write",
        "Write wholesale customers",
    ),
    (
        "spark-admin:wholesale_subscribers_read",
        "Read wholesale subscribers",
    ),
    (
        "spark-admin:wholesale_subscribers_write",
        "Write wholesale subscribers",
    ),
    (
        "spark-admin:wholesale_sub_partners_read",
        "Read wholesale sub-partners",
    ),
    (
        "spark-admin:wholesale_sub_partners_write",
        "Write wholesale sub-partners",
    ),
    (
        "spark-admin:wholesale_billing_reports_read",
        "Read wholesale billing reports",
    ),
    (
        "spark-admin:wholesale_billing_reports_write",
        "Write wholesale billing reports",
    ),
    (
        "spark-admin:broadworks_subscribers_read",
        "Read BroadWorks subscribers",
    ),
    (
        "spark-admin:broadworks_subscribers_write",
        "Write BroadWorks subscribers",
    ),
    (
        "spark-admin:broadworks_enterprises_read",
        "Read BroadWorks enterprises",
    ),
    (
        "spark-admin:broadworks_enterprises_write",
        "Write BroadWorks enterprises",
    ),
    (
        "spark-admin:broadworks_billing_reports_read",
        "Read BroadWorks billing reports",
    ),
    (
        "spark-admin:broadworks_billing_reports_write",
        "Write BroadWorks billing reports",
    ),
    ("identity:people_read", "Read identities"),
    ("identity:people_rw", "Read and write identities"),
    ("identity:organizations_read", "Read the identity organisation"),
    (
        "identity:organizations_rw",
        "Read and write the identity organisation",
    ),
    ("identity:tokens_read", "Read authorisations"),
    ("identity:tokens_write", "Revoke authorisations"),
    ("audit:events_read", "Read audit events"),
    ("cjp:config_read", "Read contact center configuration"),
    ("cjp:config_write", "Write contact center configuration"),
    ("cjp:config", "Contact center configuration"),
    ("cjp:user", "Contact center users"),
    ("openid", "Know who you are"),
    ("email", "Know your e-mail address"),
    ("profile", "Know your profile"),
];

/// What a scope allows, in words.
#[must_use]
pub fn words(scope: &str) -> Option<&'static str> {
    REGISTERED.iter().find(|(s, _)| *s == scope).map(|(_, w)| *w)
}

/// Every registered scope.
pub fn all() -> impl Iterator<Item = String> {
    REGISTERED.iter().map(|(s, _)| (*s).to_owned())
}
