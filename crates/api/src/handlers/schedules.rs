//! What runs by itself.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::scheduler::{Schedule, ScheduleWindow};

impl Patchbay {
    pub(crate) async fn schedules_list(&self, request: ScheduleQuery) -> Reply<ScheduleWindow> {
        let work = self.work();
        let (filter, offset, limit) = (&request.filter, request.offset, request.limit);
        told(
            self.inner
                .scheduler
                .list(work.as_ref(), filter, offset, limit)
                .await,
        )
    }

    pub(crate) async fn schedules_run_now(&self, request: ScheduleId) -> Reply<Schedule> {
        told(
            self.inner
                .scheduler
                .run_now(&self.work(), &request.schedule)
                .await,
        )
    }

    pub(crate) async fn schedules_pause(&self, request: ScheduleId) -> Reply<Schedule> {
        told(
            self.inner
                .scheduler
                .pause(self.work().as_ref(), &request.schedule)
                .await,
        )
    }

    pub(crate) async fn schedules_resume(&self, request: ScheduleId) -> Reply<Schedule> {
        told(
            self.inner
                .scheduler
                .resume(self.work().as_ref(), &request.schedule)
                .await,
        )
    }

    pub(crate) async fn schedules_set_every(&self, request: ScheduleEvery) -> Reply<Schedule> {
        let work = self.work();
        let set = self
            .inner
            .scheduler
            .set_every(work.as_ref(), &request.schedule, request.every_minutes);
        told(set.await)
    }
}
