//! Every scenario with its text, for where there is no file system.

macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        pub(crate) const SCENARIOS: &[(&str, &str)] = &[$(($name, include_str!($name))),*];
    };
}

scenarios![
    "consent/a-batch-per-revision.json",
    "consent/a-consent-platform.json",
    "consent/a-decision-expires.json",
    "consent/a-denial-forgets.json",
    "consent/a-new-grant-mints-a-new-identifier.json",
    "consent/accepting-analytics-only.json",
    "consent/forget.json",
    "consent/global-privacy-control.json",
    "consent/nothing-before-a-choice.json",
    "consent/withdrawal.json",
    "delivery/a-captive-portal.json",
    "delivery/a-hidden-page.json",
    "delivery/a-poison-event.json",
    "delivery/a-server-that-is-down.json",
    "delivery/one-of-two-hangs.json",
    "delivery/partial-results.json",
    "delivery/refused-credentials.json",
    "delivery/retry-after.json",
    "storage/a-torn-page.json",
    "storage/a-withdrawal-that-cannot-be-stored.json",
    "storage/refused.json",
    "tabs/a-dead-tab.json",
    "tabs/a-decision-elsewhere.json",
    "tabs/a-denial-beside-a-grant.json",
    "tabs/a-living-tab.json",
    "tabs/a-reset-beside-another-s-identity.json",
    "tabs/a-withdrawal-not-heard-of-yet.json",
    "tags/a-blocked-script.json",
    "tags/a-pixel.json",
    "tags/a-tag-waits-for-consent.json",
    "tags/a-withdrawal-before-the-tags-come.json",
    "tags/tags-that-come-late.json",
];
