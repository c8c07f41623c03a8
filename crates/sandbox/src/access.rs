//! Who is asking, and whether they may.
//!
//! A call needs a living token, one of the scopes named by its endpoint, and a person with enough power behind it.
//! Reference: sections 2.2 and 3.

use std::collections::BTreeSet;

use crate::answer::Answer;
use crate::call::Call;
use crate::cloud::{Cloud, Power};

/// A presented token, resolved.
#[derive(Debug, Clone)]
pub struct Access {
    /// Person who consented.
    pub person: usize,
    /// What that person may do.
    pub power: Power,
    /// Scopes of the token.
    pub scopes: BTreeSet<String>,
}

impl Access {
    /// Resolves the bearer token; 401 without one, or with a dead one.
    pub fn of(call: &Call, cloud: &Cloud) -> Result<Self, Box<Answer>> {
        const REQUIRED: &str =
            "The request requires a valid access token set in the Authorization request header.";
        let grant = call
            .bearer()
            .and_then(|token| cloud.tokens.presented(token, cloud.clock.elapsed()))
            .ok_or_else(|| Answer::error(401, REQUIRED))?;
        Ok(Self {
            person: grant.person,
            power: cloud.power(grant.person),
            scopes: grant.scopes.clone(),
        })
    }

    /// Requires one of the scopes and power to read.
    pub fn read(&self, any_of: &[&str]) -> Result<(), Box<Answer>> {
        self.require(any_of, Power::Read)
    }

    /// Requires one of the scopes and power to write.
    pub fn write(&self, any_of: &[&str]) -> Result<(), Box<Answer>> {
        self.require(any_of, Power::Write)
    }

    /// Requires one of the scopes, of anybody.
    pub fn scoped(&self, any_of: &[&str]) -> Result<(), Box<Answer>> {
        self.require(any_of, Power::None)
    }

    fn require(&self, any_of: &[&str], power: Power) -> Result<(), Box<Answer>> {
        if !any_of.iter().any(|s| self.scopes.contains(*s)) {
            let text = format!(
                "The access token is missing a required scope: {}.",
                any_of.join(" or ")
            );
            return Err(Answer::error_with(
                403,
                "Access to the resource is forbidden.",
                None,
                &text,
            ));
        }
        if self.power < power {
            return Err(Answer::forbidden());
        }
        Ok(())
    }
}
