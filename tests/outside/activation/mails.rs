//! What gets users on: the consent mail, and activation mails for everybody.

use super::*;
use patchbay_core::ErrorCode;
use patchbay_tests::answer;
use std::time::Duration;
use webex_sandbox::{Fault, FaultBody, When};

const JOBS: &str = "/v1/identity/organizations/";

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_mail_goes_only_to_who_waits_for_it() {
    let world = connected(10).await;
    let all = world.sandbox.subscribers();
    change(&world, &all[0], &to("pending_user_migration"));
    change(&world, &all[1], &to("provisioned"));
    world.sync().await;
    world.sandbox.clear_journal();
    let other = user(&world, &all[1].user_id).await;
    let refused = world
        .refused(
            "activation.sendConsentMail",
            user_of(&world, &other["key"]),
            ErrorCode::Conflict,
        )
        .await;
    assert!(
        refused.message.contains("Provisioned") && refused.message.contains("Pending User Consent"),
        "{refused:?}"
    );
    assert!(world.sandbox.journal().is_empty(), "nothing is asked of Webex");

    let waits = user(&world, &all[0].user_id).await;
    let request = user_of(&world, &waits["key"]);
    world.call("activation.sendConsentMail", request.clone()).await;
    let sent = world.sandbox.journal();
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].path.ends_with("/emails/consentMove") && sent[0].method == "POST",
        "{sent:?}"
    );
    let mails = world.transactions("activation_mails").await;
    assert_eq!((mails.len(), &mails[0]["state"]), (1, &json!("succeeded")));

    // At Webex the state has changed meanwhile: it says so itself.
    change(&world, &all[0], &to("provisioned"));
    let refused = world
        .refused("activation.sendConsentMail", request, ErrorCode::Refused)
        .await;
    assert!(refused.message.contains("status provisioned"), "{refused:?}");
    assert_eq!(world.transactions("activation_mails").await[0]["state"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_mail_whose_answer_is_lost_may_have_been_sent() {
    let world = connected(10).await;
    let all = world.sandbox.subscribers();
    change(&world, &all[0], &to("pending_user_migration"));
    world.sync().await;
    let waits = user(&world, &all[0].user_id).await;
    let path = "/v1/subscribers/";
    world
        .sandbox
        .add_fault(Fault::on_path(path, answer(503, When::After, FaultBody::Error)));
    world.sandbox.clear_journal();
    let request = user_of(&world, &waits["key"]);
    let lost = world
        .refused("activation.sendConsentMail", request, ErrorCode::Refused)
        .await;
    assert!(
        lost.message.contains("may have been sent all the same") && lost.message.contains("Control Hub"),
        "{lost:?}"
    );
    assert!(!lost.retryable, "{lost:?}");
    assert_eq!(world.sandbox.journal().len(), 1, "sent once");
    let mails = world.transactions("activation_mails").await;
    assert_eq!(
        (&mails[0]["state"], &mails[0]["failure"]["message"]),
        (&json!("failed"), &json!(lost.message))
    );
}

/// An organisation whose people tell the states, with some open invitations.
async fn inviting() -> World {
    World::with(awkward()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn activation_mails_are_followed_to_their_end_with_their_counts() {
    let world = inviting().await;
    let open = world
        .sandbox
        .people()
        .iter()
        .filter(|person| person.invite_pending)
        .count();
    assert!(open > 0);
    let started = world.call("activation.sendActivationMails", of(&world)).await;
    let again = world
        .refused("activation.sendActivationMails", of(&world), ErrorCode::Conflict)
        .await;
    assert!(again.message.contains("already"), "{again:?}");
    world
        .until_looking("a look at the job", async || {
            let asked = world.sandbox.journal();
            asked
                .iter()
                .any(|entry| entry.path.ends_with("/status"))
                .then_some(())
        })
        .await;
    world.sandbox.advance(Duration::from_secs(10));
    let over = over(&world, &started).await;
    assert_eq!(
        (&over["state"], &over["kind"]),
        (&json!("succeeded"), &json!("activation_mails")),
        "{over:#}"
    );
    let step = &over["steps"][1];
    let detail = step["detail"].as_str().unwrap();
    assert!(detail.contains(&format!("of {open}.")), "{detail}");
    assert_eq!(
        (&step["done"], &step["total"]),
        (&json!(open), &json!(open)),
        "{step:#}"
    );
    let begun = world.sandbox.journal();
    assert_eq!(begun.iter().filter(|entry| entry.method == "POST").count(), 1);

    // At once again: Webex leaves everybody out, and says why.
    let started = world.call("activation.sendActivationMails", of(&world)).await;
    world
        .until_looking("a look at the job", async || {
            let asked = world.sandbox.journal();
            let posts = asked.iter().rposition(|entry| entry.method == "POST")?;
            asked[posts..]
                .iter()
                .any(|entry| entry.path.ends_with("/status"))
                .then_some(())
        })
        .await;
    world.sandbox.advance(Duration::from_secs(10));
    let over = super::over(&world, &started).await;
    let detail = over["steps"][1]["detail"].as_str().unwrap();
    assert!(
        detail.contains("ATLAS-600199") && detail.contains("24 hours"),
        "{detail}"
    );
    assert!(detail.contains(&format!("0 sent, {open} skipped")), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn activation_mails_that_webex_refuses_are_said() {
    let world = inviting().await;
    let busy = answer(409, When::Before, FaultBody::Error);
    world.sandbox.add_fault(Fault::on_path(JOBS, busy));
    let started = world.call("activation.sendActivationMails", of(&world)).await;
    let refused = over(&world, &started).await;
    assert_eq!(refused["state"], "failed", "{refused:#}");
    let message = refused["failure"]["message"].as_str().unwrap();
    assert!(message.contains("once at a time"), "{message}");

    // Lost on the way back: nobody is mailed twice.
    world.sandbox.clear_journal();
    world
        .sandbox
        .add_fault(Fault::on_path(JOBS, answer(503, When::After, FaultBody::Error)));
    let started = world.call("activation.sendActivationMails", of(&world)).await;
    let lost = over(&world, &started).await;
    assert_eq!(
        (&lost["state"], &lost["retryable"]),
        (&json!("failed"), &json!(false)),
        "{lost:#}"
    );
    let message = lost["failure"]["message"].as_str().unwrap();
    assert!(message.contains("may have been sent all the same"), "{message}");
    let posts = world.sandbox.journal();
    assert_eq!(posts.iter().filter(|entry| entry.method == "POST").count(), 1);
    let partner = partner(5).await;
    partner
        .refused(
            "activation.sendActivationMails",
            of(&partner),
            ErrorCode::Conflict,
        )
        .await;
}
