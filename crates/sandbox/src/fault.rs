//! Faults: which requests go wrong, and how.
//!
//! A fault has a matcher and an effect. Matching is deterministic: a probability draws from the fault's own seeded
//! generator, so the same requests in the same order fail the same way.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// When an effect strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Instead of the work.
    #[default]
    Before,
    /// After the work was done: the state has changed, the answer is lost.
    After,
}

/// What an error answer contains.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultBody {
    /// Webex's JSON error for the status.
    #[default]
    Error,
    /// A gateway's HTML page.
    Html,
    /// Nothing.
    Empty,
    /// This JSON.
    Json(Value),
    /// This text, as `text/plain`.
    Text(String),
}

/// A paging quirk (reference, section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkQuirk {
    /// `max=null` in the next URL.
    MaxNull,
    /// The next URL has lost the first request's filters.
    LostFilters,
    /// After the last page comes an empty one whose `next` leads to itself.
    EmptyForever,
    /// After the last page comes the same page again, for ever.
    Doubled,
    /// The next URL names another host.
    ForeignHost,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Another status.
    Status {
        /// HTTP status.
        status: u16,
        /// Before or after the work.
        #[serde(default)]
        when: When,
        /// Literal `Retry-After`; absent sends none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
        /// `Retry-After` as an HTTP date so many seconds ahead of the sandbox's clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_date: Option<i64>,
        /// Content.
        #[serde(default)]
        body: FaultBody,
    },
    /// The answer comes late.
    Delay {
        /// Milliseconds.
        millis: u64,
        /// Whether the work is done before or after the wait. It is done even if the client hangs up.
        #[serde(default)]
        when: When,
    },
    /// The TCP connection is reset instead of an answer.
    Drop {
        /// Before or after the work.
        #[serde(default)]
        when: When,
    },
    /// The presented token dies before the work (and its refresh token too, if asked).
    RevokeToken {
        /// Also the refresh token.
        #[serde(default)]
        refresh: bool,
    },
    /// From now on licence counters are this far behind.
    CountersLag {
        /// Seconds.
        seconds: u64,
    },
    /// Somebody else takes all free units of a licence (id or name) before the work.
    EmptyPool {
        /// Licence id or exact name (every licence of that name).
        licence: String,
    },
    /// The `Link` header of a list is spoilt.
    Link {
        /// How.
        quirk: LinkQuirk,
    },
}

/// Which requests are meant. Everything given must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Matcher {
    /// HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Start of the path, e.g. `/v1/licenses/users`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Part of the e-mail, display name or UUID of the person the request is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Part of the query text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Part of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// From the n-th matching request on, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Chance per matching request, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Seed of the chance.
    pub seed: u64,
}

/// A fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Which requests.
    #[serde(default, rename = "match")]
    pub matcher: Matcher,
    /// How often it strikes; `None` (JSON `null`) without end, 1 when not said.
    #[serde(default = "once")]
    pub count: Option<u64>,
    /// What happens.
    pub effect: Effect,
}

fn once() -> Option<u64> {
    Some(1)
}

impl Fault {
    /// A fault that strikes `PATCH /v1/licenses/users` once.
    #[must_use]
    pub fn on_assignment(effect: Effect) -> Self {
        let matcher = Matcher {
            method: Some("PATCH".into()),
            path: Some("/v1/licenses/users".into()),
            ..Matcher::default()
        };
        Self {
            matcher,
            count: Some(1),
            effect,
        }
    }

    /// A fault that strikes requests whose path begins like this, once.
    #[must_use]
    pub fn on_path(path: &str, effect: Effect) -> Self {
        Self {
            matcher: Matcher {
                path: Some(path.into()),
                ..Matcher::default()
            },
            count: Some(1),
            effect,
        }
    }

    /// Strikes so often; `None` without end.
    #[must_use]
    pub fn times(mut self, count: Option<u64>) -> Self {
        self.count = count;
        self
    }

    /// Strikes from the n-th matching request on.
    #[must_use]
    pub fn from_nth(mut self, nth: u64) -> Self {
        self.matcher.nth = Some(nth);
        self
    }

    /// Strikes only requests about this person.
    #[must_use]
    pub fn for_person(mut self, person: &str) -> Self {
        self.matcher.person = Some(person.into());
        self
    }
}

/// What a matcher looks at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path.
    pub path: &'a str,
    /// Query text.
    pub query: &'a str,
    /// Body text.
    pub body: &'a [u8],
    /// Everything the person is known by, lower case; empty when the request is about nobody.
    pub person: &'a str,
}

/// A fault in force.
#[derive(Debug)]
pub struct Armed {
    /// Its id.
    pub id: u64,
    /// The fault; `count` falls as it strikes.
    pub fault: Fault,
    /// Set for the sentinels of a seed, which `DELETE /_sandbox/faults` keeps.
    pub sentinel: bool,
    seen: u64,
    chance: StdRng,
}

impl Armed {
    fn strikes(&mut self, subject: Subject<'_>) -> bool {
        let m = &self.fault.matcher;
        let meant = m
            .method
            .as_deref()
            .is_none_or(|x| x.eq_ignore_ascii_case(subject.method))
            && m.path.as_deref().is_none_or(|x| subject.path.starts_with(x))
            && m.query.as_deref().is_none_or(|x| subject.query.contains(x))
            && m.person
                .as_deref()
                .is_none_or(|x| !x.is_empty() && subject.person.contains(&x.to_lowercase()))
            && m.body
                .as_deref()
                .is_none_or(|x| contains(subject.body, x.as_bytes()));
        if !meant {
            return false;
        }
        self.seen += 1;
        if m.nth.is_some_and(|nth| self.seen < nth) || self.fault.count == Some(0) {
            return false;
        }
        if m.probability.is_some_and(|p| self.chance.random::<f64>() >= p) {
            return false;
        }
        if let Some(count) = &mut self.fault.count {
            *count -= 1;
        }
        true
    }
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || hay.windows(needle.len()).any(|w| w == needle)
}

/// All faults in force, in the order they were added.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Vec<Armed>,
    last: u64,
}

impl Faults {
    /// Adds a fault and answers its id.
    pub fn add(&mut self, fault: Fault) -> u64 {
        self.arm(fault, false)
    }

    /// Adds a fault that belongs to the seed.
    pub fn add_sentinel(&mut self, fault: Fault) -> u64 {
        self.arm(fault, true)
    }

    fn arm(&mut self, fault: Fault, sentinel: bool) -> u64 {
        self.last += 1;
        let chance = StdRng::seed_from_u64(fault.matcher.seed);
        self.armed.push(Armed {
            id: self.last,
            fault,
            sentinel,
            seen: 0,
            chance,
        });
        self.last
    }

    /// The faults that strike this request. The first status, drop or delay ends the search; others accumulate.
    pub fn strike(&mut self, subject: Subject<'_>) -> Vec<(u64, Effect)> {
        let mut struck = Vec::new();
        for armed in &mut self.armed {
            if armed.strikes(subject) {
                let ends = matches!(armed.fault.effect, Effect::Status { .. } | Effect::Drop { .. });
                struck.push((armed.id, armed.fault.effect.clone()));
                if ends {
                    break;
                }
            }
        }
        struck
    }

    /// Every fault in force.
    pub fn list(&self) -> impl Iterator<Item = &Armed> {
        self.armed.iter()
    }

    /// Removes one; false when there is none of that id.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|a| a.id != id);
        self.armed.len() != before
    }

    /// Removes all but the seed's own.
    pub fn clear(&mut self) {
        self.armed.retain(|a| a.sentinel);
    }
}
