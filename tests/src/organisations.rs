//! Registering, connecting and copying an organisation.

use crate::http;
use crate::world::World;
use serde_json::{Value, json};

impl World {
    /// What a person enters for an organisation behind the network.
    pub fn fields(&self, name: &str) -> Value {
        json!({
            "name": name, "wholesale": false, "contactCenter": false, "contactCenterRegion": null, "accountNumber": null,
            "adminEmail": null, "httpProxy": {"kind": "keep"}, "httpsProxy": {"kind": "keep"}, "defaultCallingBehaviour": null,
            "emailDomain": null, "directorySyncEnabled": false, "syncOnCreate": true, "notes": null,
            "environment": {"kind": "custom", "base_url": format!("{}/v1", self.network.root_url())},
        })
    }

    pub async fn register(&self, name: &str) -> String {
        let organisation = self
            .call("organisations.create", json!({ "fields": self.fields(name) }))
            .await;
        organisation["id"].as_str().unwrap().to_owned()
    }

    /// Consents in a browser, as the sandbox does by itself.
    pub async fn connect(&self) {
        self.connect_without(&[]).await;
    }

    /// Consents in a browser to everything but these scopes.
    pub async fn connect_without(&self, scopes: &[&str]) {
        let attempt = self.begin_consent("browser").await;
        let mut address = attempt["state"]["authorizeUrl"].as_str().unwrap().to_owned();
        for scope in scopes {
            let encoded = scope.replace(':', "%3A");
            assert!(address.contains(&encoded), "{address}");
            address = address.replace(&encoded, "");
        }
        let address = address.as_str();
        let redirect = address
            .split('&')
            .find_map(|pair| pair.strip_prefix("redirect_uri="))
            .expect("a redirect address");
        let redirect = redirect.replace("%3A", ":").replace("%2F", "/");
        let registered = http::send(
            "POST",
            &format!("{}/_sandbox/redirect_uris", self.sandbox.root_url()),
            None,
            Some(&json!({ "redirect_uri": redirect })),
        )
        .await;
        assert_eq!(registered.status, 200, "{registered:?}");
        let consented = http::send("GET", address, None, None).await;
        let back = consented
            .header("location")
            .unwrap_or_else(|| panic!("{consented:?}"))
            .to_owned();
        let page = http::send("GET", &back, None, None).await;
        assert_eq!(page.status, 200, "{page:?}");
        self.granted(&attempt).await;
    }

    /// Consents with a device code, which takes as long as Webex asks to wait between questions.
    pub async fn connect_by_device(&self) {
        let attempt = self.begin_consent("device").await;
        self.granted(&attempt).await;
    }

    pub async fn begin_consent(&self, method: &str) -> Value {
        let request = json!({
            "organisation": self.organisation, "method": method, "clientId": self.sandbox.client_id(),
            "clientSecret": {"kind": "set", "value": self.sandbox.client_secret()}, "port": 0,
        });
        self.call("consent.begin", request).await
    }

    async fn granted(&self, attempt: &Value) {
        let request = json!({ "attempt": attempt["id"] });
        self.until("the consent", async || {
            let attempt = self.call("consent.attempt", request.clone()).await;
            match attempt["state"]["state"].as_str() {
                Some("granted") => Some(()),
                Some("failed" | "cancelled") => panic!("{attempt}"),
                _ => None,
            }
        })
        .await;
    }

    /// Copies the organisation; what became of the transaction.
    pub async fn try_sync(&self) -> Value {
        let started = self
            .call("mirror.sync", json!({ "organisation": self.organisation }))
            .await;
        self.transaction_over(started["transaction"].as_str().unwrap())
            .await
    }

    pub async fn sync(&self) {
        let transaction = self.try_sync().await;
        assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    }

    pub async fn transaction_over(&self, transaction: &str) -> Value {
        self.until("the transaction", async || {
            let transaction = self
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            (transaction["state"] != "running").then_some(transaction)
        })
        .await
    }
}
