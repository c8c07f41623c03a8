//! What the mirror says of a template that is being looked at, judged beside the typing.
//!
//! Whoever looks is answered at once with what is known, and a judgement is set going where that is stale. The topic of
//! bulk assignments is published when it is there. At most one is under way for a template; an edit meanwhile makes it
//! judge once more.

use super::{Checks, Held};
use crate::bulk_assignments::judgement;
use crate::bulk_assignments::model::{MirrorCheck, TemplateFields};
use crate::bulk_assignments::plan::Scope;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::mirror::{self, Mark};

/// What a judgement stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Basis {
    version: u32,
    organisation: String,
    scope: Scope,
    mark: Mark,
}

/// How far the judgement of an open template is.
#[derive(Default)]
pub(super) struct Judged {
    /// What the document's findings of the mirror, or `failure`, stand for; None where there are none.
    by: Option<Basis>,
    failure: Option<String>,
    under_way: bool,
}

/// What a template can be judged by at present.
enum Ground {
    None(MirrorCheck),
    Of(Basis),
}

impl Checks {
    async fn ground(&self, version: u32, fields: &TemplateFields) -> Result<Ground> {
        let Some(organisation) = &fields.organisation else {
            return Ok(Ground::None(MirrorCheck::NoOrganisation));
        };
        Ok(match mirror::mark(&self.db, organisation).await? {
            None => Ground::None(MirrorCheck::NoCopy),
            Some(mark) => Ground::Of(Basis {
                version,
                organisation: organisation.clone(),
                scope: Scope::from(fields),
                mark,
            }),
        })
    }

    /// How the judgement of the held template stands; sets one going where what is known is stale.
    pub(super) async fn mirror(&self, held: &mut Held<'_>) -> Result<MirrorCheck> {
        let ground = self.ground(held.stored.version, &held.stored.fields).await?;
        let template = held.stored.id.clone();
        let open = held.get()?;
        let basis = match ground {
            Ground::None(why) => {
                if open.judged.by.take().is_some() {
                    open.document.clear_outside_issues();
                }
                return Ok(why);
            }
            Ground::Of(basis) => basis,
        };
        let as_of = basis.mark.as_of.clone();
        match &open.judged.by {
            Some(by) if *by == basis => {
                return Ok(match &open.judged.failure {
                    Some(message) => MirrorCheck::Failed {
                        message: message.clone(),
                    },
                    None => {
                        let (errors, warnings) = open.document.outside_counts();
                        MirrorCheck::Judged {
                            as_of,
                            errors,
                            warnings,
                        }
                    }
                });
            }
            // Another organisation's people say nothing of these rows.
            Some(by) if by.organisation != basis.organisation => {
                open.judged.by = None;
                open.document.clear_outside_issues();
            }
            _ => {}
        }
        if !std::mem::replace(&mut open.judged.under_way, true) {
            let checks = self.clone();
            tokio::spawn(async move { checks.judge(&template).await });
        }
        Ok(MirrorCheck::Judging { as_of })
    }

    /// Judges until what is known stands for the template as it is.
    async fn judge(&self, template: &str) {
        loop {
            match self.judge_once(template).await {
                Ok(true) => {}
                // Done, or the template was deleted meanwhile.
                Ok(false) | Err(Error::NotFound { .. }) => break,
                Err(error) => {
                    tracing::error!(template, ?error, "a template could not be judged by the mirror");
                    if let Some(open) = self.open.lock().await.get_mut(template) {
                        open.judged = Judged::default();
                    }
                    break;
                }
            }
        }
        self.db.events().publish([Topic::BulkAssignments]);
    }

    /// Whether the template changed meanwhile and must be judged again.
    async fn judge_once(&self, template: &str) -> Result<bool> {
        let (basis, assignments) = {
            let mut held = self.hold(template).await?;
            let ground = self.ground(held.stored.version, &held.stored.fields).await?;
            let open = held.get()?;
            let Ground::Of(basis) = ground else {
                open.judged.under_way = false;
                return Ok(false);
            };
            (basis, open.document.assignments())
        };
        let found = match self.snapshots.get(&basis.organisation, &basis.mark).await {
            Ok(snapshot) => {
                let scope = basis.scope.clone();
                tokio::task::spawn_blocking(move || judgement::issues(&scope, &assignments, &snapshot))
                    .await
                    .map_err(|_| Error::Ended {
                        what: "Judging by the copy",
                    })
            }
            Err(error) => Err(error),
        };
        let mut open = self.open.lock().await;
        // Nobody looks at it any more where it is gone.
        let Some(open) = open.get_mut(template) else {
            return Ok(false);
        };
        if open.version != basis.version {
            return Ok(true);
        }
        let (issues, failure) = match found {
            Ok(issues) => (issues, None),
            Err(error) => {
                tracing::error!(template, ?error, "the mirror could not be read");
                (Vec::new(), Some(error.failure().message))
            }
        };
        open.document.set_outside_issues(issues);
        open.judged = Judged {
            by: Some(basis),
            failure,
            under_way: false,
        };
        Ok(false)
    }
}
