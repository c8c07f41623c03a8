//! The client against the simulated cloud, which shares no type with it.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, TryStreamExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;
use webex_client::*;
use webex_sandbox::{Config, Effect, Fault, LinkQuirk, Sandbox, Seed, When};

struct Wall;

impl Clock for Wall {
    fn now(&self) -> jiff::Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the wall clock of these tests")]
        jiff::Timestamp::now()
    }
}

struct Random;

impl Ids for Random {
    fn uuid(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the ids of these tests")]
        Uuid::new_v4()
    }
}

/// One token, refreshed by nobody.
struct Fixed(SecretString);

impl TokenSource for Fixed {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        async { Ok(self.0.clone()) }.boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        _: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        async {
            Err(TokenError::ConsentNeeded {
                reason: "there is no refresh token".into(),
            })
        }
        .boxed()
    }
}

async fn sandbox(config: Config) -> (Sandbox, Webex) {
    let sandbox = webex_sandbox::start(config).await.unwrap();
    let webex = client(&sandbox, SecretString::from(sandbox.access_token()));
    (sandbox, webex)
}

fn client(sandbox: &Sandbox, token: SecretString) -> Webex {
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    Webex::new(
        Endpoints::custom(&sandbox.base_url()).unwrap(),
        TransportConfig::default(),
        Arc::new(Fixed(token)),
        Gate::new(GateConfig::new(Arc::clone(&clock))),
        clock,
        Arc::new(Random),
    )
    .unwrap()
}


async fn reads(webex: &Webex, count: usize) -> Duration {
    let began = std::time::Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..count {
        let webex = webex.clone();
        tasks.spawn(async move { webex.me().await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    began.elapsed()
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measure() {
    for (config, count) in [(Config::default(), 5000)] {
        let (_sandbox, webex) = sandbox(config.clone()).await;
        let took = reads(&webex, count).await;
        let s = webex.gate().snapshot();
        println!("MEASURE {:?} {count}: {took:?} throttled {} learned {:?}", config.rate, s.throttled_total, s.learned_rate);
    }
}
