//! The local copy.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::mirror::{self, MirrorStatus, PeopleWindow};

impl Patchbay {
    pub(crate) async fn mirror_status(&self, request: OrganisationId) -> Reply<MirrorStatus> {
        let syncing = self.inner.syncs.current(&request.organisation);
        told(mirror::status(&self.inner.db, &request.organisation, syncing).await)
    }

    pub(crate) async fn mirror_sync(&self, request: OrganisationId) -> Reply<SyncStarted> {
        told(self.inner.syncs.begin(&request.organisation).await).map(SyncStarted::from)
    }

    pub(crate) async fn mirror_licences(&self, request: OrganisationId) -> Reply<Licences> {
        let licences = told(mirror::licences(&self.inner.db, &request.organisation).await)?;
        Ok(Licences { licences })
    }

    pub(crate) async fn mirror_locations(&self, request: OrganisationId) -> Reply<Locations> {
        let locations = told(mirror::locations(&self.inner.db, &request.organisation).await)?;
        Ok(Locations { locations })
    }

    pub(crate) async fn mirror_people(&self, request: PeopleQuery) -> Reply<PeopleWindow> {
        told(
            mirror::people(
                &self.inner.db,
                &request.organisation,
                request.search.as_deref(),
                request.offset,
                request.limit,
            )
            .await,
        )
    }
}
