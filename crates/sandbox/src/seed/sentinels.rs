//! People whose assignment always goes wrong once. `docs/sandbox.md` lists them.

use super::blueprint;
use crate::cloud::Cloud;
use crate::fault::{Effect, Fault, FaultBody, When};

fn status(status: u16, when: When, retry_after: Option<&str>, body: FaultBody) -> Effect {
    Effect::Status {
        status,
        when,
        retry_after: retry_after.map(str::to_owned),
        retry_after_date: None,
        body,
    }
}

/// Local part after `sentinel.`, family name, and what strikes the first `PATCH /v1/licenses/users`.
fn all() -> Vec<(&'static str, &'static str, Effect)> {
    vec![
        (
            "bad-gateway-after",
            "Badgateway After",
            status(502, When::After, None, FaultBody::Html),
        ),
        (
            "bad-gateway-before",
            "Badgateway Before",
            status(502, When::Before, None, FaultBody::Html),
        ),
        (
            "unavailable",
            "Unavailable",
            status(503, When::Before, Some("1"), FaultBody::Error),
        ),
        (
            "gateway-timeout-after",
            "Gatewaytimeout After",
            status(504, When::After, None, FaultBody::Empty),
        ),
        (
            "server-error-after",
            "Servererror After",
            status(500, When::After, None, FaultBody::Error),
        ),
        ("drop-before", "Drop Before", Effect::Drop { when: When::Before }),
        ("drop-after", "Drop After", Effect::Drop { when: When::After }),
        (
            "throttled",
            "Throttled",
            status(429, When::Before, Some("1"), FaultBody::Error),
        ),
        (
            "throttled-malformed",
            "Throttled Malformed",
            status(429, When::Before, Some("rand(30),add(30)"), FaultBody::Error),
        ),
        (
            "refused-but-done",
            "Refused Butdone",
            status(400, When::After, None, FaultBody::Error),
        ),
        (
            "slow",
            "Slow",
            Effect::Delay {
                millis: 2_000,
                when: When::After,
            },
        ),
    ]
}

/// Adds the sentinels as the last people of the seed; `licences` are what everybody holds.
pub fn add(cloud: &mut Cloud, domain: &str, licences: &[usize]) {
    for (local, last, effect) in all() {
        let email = format!("sentinel.{local}@{domain}");
        let uuid = cloud.new_uuid();
        let at = blueprint::named_person(cloud, uuid, "Sentinel", last, &format!("Sentinel {last}"), &email);
        blueprint::hold(cloud, at, licences);
        cloud
            .faults
            .add_sentinel(Fault::on_assignment(effect).for_person(&email));
    }
}
