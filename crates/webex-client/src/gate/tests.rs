//! The gate with waiters, on paused time.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::*;
use crate::error::ErrorKind;

/// Follows tokio's paused time.
struct PausedClock(Instant);

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        start() + SignedDuration::try_from(self.0.elapsed()).unwrap()
    }
}

fn start() -> Timestamp {
    "2026-10-01T12:00:00Z".parse().unwrap()
}

fn gate() -> Arc<Gate> {
    Gate::new(GateConfig::new(Arc::new(PausedClock(Instant::now()))))
}

fn asked(seconds: u64) -> RetryAfter {
    RetryAfter::read(Some(&seconds.to_string()), start())
}

/// Polls once.
async fn ready<F: Future + Unpin>(future: &mut F) -> bool {
    futures::future::poll_fn(|context| Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_ready()))
        .await
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_the_hold_has_passed() {
    let gate = gate();
    let began = Instant::now();
    gate.acquire(Priority::Bulk)
        .await
        .unwrap()
        .throttled(&asked(30), Some("ROUTER_1"));
    let state = gate.snapshot();
    assert_eq!(state.held_until, Some(start() + SignedDuration::from_secs(30)));
    let hold = state.last_hold.unwrap();
    assert_eq!(hold.retry_after_text.as_deref(), Some("30"));
    assert_eq!(hold.tracking_id.as_deref(), Some("ROUTER_1"));
    for priority in [Priority::Person, Priority::Bulk] {
        gate.acquire(priority).await.unwrap().accepted();
        assert!(began.elapsed() >= Duration::from_secs(30));
    }
    assert!(began.elapsed() < Duration::from_secs(32));
    assert_eq!(gate.held_until(), None);
    let state = gate.snapshot();
    assert_eq!(
        (state.throttled_total, state.requests_total, state.in_flight),
        (1, 3, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn people_overtake_bulk_work_without_starving_it() {
    let gate = gate();
    gate.throttled(&asked(5), None);
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for (priority, count) in [(Priority::Bulk, 3), (Priority::Person, 20)] {
        for _ in 0..count {
            let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let place = gate.acquire(priority).await.unwrap();
                order.lock().unwrap().push(priority);
                place.accepted();
            }));
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(gate.snapshot().waiting, 23);
    for task in tasks {
        task.await.unwrap();
    }
    let order = order.lock().unwrap().clone();
    assert!(
        order[..8].iter().all(|priority| *priority == Priority::Person),
        "{order:?}"
    );
    let bulk = order.iter().position(|priority| *priority == Priority::Bulk);
    assert_eq!(bulk, Some(8), "one bulk request after eight people");
    assert_eq!(gate.snapshot().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_frees_its_place() {
    let gate = gate();
    gate.throttled(&asked(5), None);
    let mut first = Box::pin(gate.acquire(Priority::Person));
    let mut second = Box::pin(gate.acquire(Priority::Person));
    assert!(!ready(&mut first).await && !ready(&mut second).await);
    drop(first);
    assert_eq!(gate.snapshot().waiting, 1);
    tokio::time::timeout(Duration::from_secs(6), second)
        .await
        .expect("the next one goes")
        .unwrap()
        .accepted();
    // A place that is dropped unsettled is free again as well.
    for _ in 0..100 {
        drop(
            tokio::time::timeout(Duration::from_secs(60), gate.acquire(Priority::Bulk))
                .await
                .unwrap()
                .unwrap(),
        );
    }
    assert_eq!(gate.snapshot().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_can_be_left() {
    let gate = gate();
    gate.throttled(&asked(600), None);
    let waiting = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move { gate.acquire(Priority::Bulk).await.map(drop) }
    });
    tokio::task::yield_now().await;
    let began = Instant::now();
    gate.leave();
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Cancelled);
    assert_eq!(error.sent(), crate::error::Sent::No);
    assert!(began.elapsed() < Duration::from_secs(1));
    assert!(gate.held_until().is_some(), "the hold stands");
}

#[tokio::test(start_paused = true)]
async fn what_waits_out_a_hold_has_no_place() {
    let gate = gate();
    // Two that have made themselves ready when a hold comes.
    let stands = [gate.stand(Priority::Bulk), gate.stand(Priority::Bulk)];
    for stand in &stands {
        stand.approach().await.unwrap();
    }
    let prepared = Instant::now();
    gate.throttled(&asked(30), None);
    for stand in &stands {
        assert!(
            stand.enter(Some(prepared)).await.unwrap().is_none(),
            "to be made ready anew"
        );
    }
    let state = gate.snapshot();
    assert_eq!((state.in_flight, state.waiting), (0, 2));
    // People overtake them when it has passed, though they came later.
    let person = gate.acquire(Priority::Person).await.unwrap();
    assert!(prepared.elapsed() >= Duration::from_secs(30));
    person.accepted();
    for stand in &stands {
        stand.approach().await.unwrap();
        let place = stand.enter(Some(Instant::now())).await.unwrap();
        place.expect("its turn").accepted();
    }
}

#[tokio::test(start_paused = true)]
async fn readiness_perishes() {
    let gate = gate();
    gate.restore(start(), Some(0.2));
    gate.acquire(Priority::Bulk).await.unwrap().accepted();
    // At one request in five seconds its turn is not near.
    let stand = gate.stand(Priority::Bulk);
    let began = Instant::now();
    assert!(stand.enter(Some(began)).await.unwrap().is_none());
    assert!(began.elapsed() <= Duration::from_secs(2), "{:?}", began.elapsed());
    stand.approach().await.unwrap();
    let near = Instant::now();
    let place = stand.enter(Some(near)).await.unwrap().expect("its turn");
    assert!(
        near.elapsed() <= Duration::from_millis(300),
        "{:?}",
        near.elapsed()
    );
    place.accepted();
}

#[tokio::test(start_paused = true)]
async fn one_that_is_not_ready_holds_up_nobody() {
    let gate = gate();
    let slow = gate.stand(Priority::Person);
    gate.acquire(Priority::Bulk).await.unwrap().accepted();
    drop(slow);
    assert_eq!(gate.snapshot().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_hold_outlives_a_restart() {
    let gate = gate();
    gate.restore(start() + SignedDuration::from_secs(40), Some(25.0));
    assert_eq!(gate.snapshot().learned_rate, Some(25.0));
    let began = Instant::now();
    gate.pass_hold().await;
    assert!(began.elapsed() >= Duration::from_secs(40));
    for _ in 0..50 {
        gate.acquire(Priority::Bulk).await.unwrap().accepted();
    }
    let paced = began.elapsed() - Duration::from_secs(40);
    assert!(
        paced > Duration::from_millis(1900) && paced < Duration::from_millis(2300),
        "{paced:?}"
    );
    // A deadline that has passed, or lies absurdly far away, does no harm.
    let other = super::tests::gate();
    other.restore(start() - SignedDuration::from_secs(40), None);
    assert_eq!(other.held_until(), None);
    other.restore(start() + SignedDuration::from_hours(1000), None);
    assert_eq!(other.held_until(), Some(start() + SignedDuration::from_hours(1)));
}

#[tokio::test(start_paused = true)]
async fn the_state_can_be_followed() {
    let gate = gate();
    let mut states = gate.subscribe();
    states.borrow_and_update();
    gate.acquire(Priority::Bulk)
        .await
        .unwrap()
        .throttled(&asked(7), None);
    states.changed().await.unwrap();
    assert_eq!(
        states.borrow_and_update().held_until,
        Some(start() + SignedDuration::from_secs(7))
    );
}

#[tokio::test(start_paused = true)]
async fn many_waiters_coming_and_going_all_get_through() {
    let gate = gate();
    let through = Arc::new(AtomicU32::new(0));
    let mut tasks = Vec::new();
    for number in 0..500_u64 {
        let (gate, through) = (Arc::clone(&gate), Arc::clone(&through));
        tasks.push(tokio::spawn(async move {
            let priority = if number % 3 == 0 {
                Priority::Person
            } else {
                Priority::Bulk
            };
            if number % 7 == 0 {
                // Gives up after a moment, waiting or not.
                let _ = tokio::time::timeout(Duration::from_millis(number), gate.acquire(priority)).await;
                return;
            }
            let place = gate.acquire(priority).await.unwrap();
            tokio::time::sleep(Duration::from_millis(3)).await;
            if number == 50 {
                place.throttled(&asked(2), None)
            } else {
                place.accepted()
            }
            through.fetch_add(1, Ordering::Relaxed);
        }));
    }
    for task in tasks {
        tokio::time::timeout(Duration::from_secs(600), task)
            .await
            .expect("nobody waits for ever")
            .unwrap();
    }
    assert_eq!(through.load(Ordering::Relaxed), 500 - 500_u32.div_ceil(7));
    let state = gate.snapshot();
    assert_eq!((state.in_flight, state.waiting), (0, 0));
}
