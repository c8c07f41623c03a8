//! What the window allows and what it does not, and how it says that it cannot start.

use crate::Result;
use crate::app::{Home, answer_file_dialog, answer_message_dialog};
use serde_json::json;

/// Invokes `command` from the page; `null` or the reply when it is carried out, else what it was refused with.
const INVOKE: &str = "const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
      .then((reply) => done({ reply }), (refused) => done({ refused: typeof refused === 'string' ? refused : refused.message }))";

#[tokio::test]
async fn the_page_can_ask_for_nothing_but_what_the_capability_names() -> Result<()> {
    let home = Home::new()?;
    let page = home.open().await?;
    let info = page.rpc("app.info", json!({})).await?;
    let data_dir = info["dataDir"].as_str().unwrap_or_default();
    assert!(
        data_dir.starts_with(&home.path("share").display().to_string()),
        "{info}"
    );

    for command in [
        "plugin:opener|open_url",
        "plugin:opener|open_path",
        "plugin:window|set_title",
        "plugin:path|resolve_directory",
    ] {
        let answer = page
            .client
            .execute_async(
                INVOKE,
                vec![
                    json!(command),
                    json!({ "url": "https://webexapis.com", "path": "/", "title": "x", "directory": 1 }),
                ],
            )
            .await?;
        let refused = answer["refused"].as_str().unwrap_or_default();
        assert!(refused.contains("not allowed"), "{command}: {answer}");
    }

    let look_alike = json!({ "url": "https://elsewhere.example/x.webex.com/" });
    let answer = page
        .client
        .execute_async(INVOKE, vec![json!("open_link"), look_alike])
        .await?;
    assert!(
        answer["refused"]
            .as_str()
            .is_some_and(|refused| refused.contains("does not open")),
        "{answer}"
    );
    page.client
        .execute_async(
            INVOKE,
            vec![
                json!("open_link"),
                json!({ "url": "https://webexapis.com/v1/authorize?a=1&b=2" }),
            ],
        )
        .await?;
    assert_eq!(
        home.opened_link().await?,
        "https://webexapis.com/v1/authorize?a=1&b=2"
    );
    page.close().await
}

#[tokio::test]
async fn the_policy_refuses_inline_code_and_the_network() -> Result<()> {
    let home = Home::new()?;
    let page = home.open().await?;
    page.find("heading", "~").await?;
    let script = "const done = arguments[arguments.length - 1];
        const broken = new Set();
        document.addEventListener('securitypolicyviolation', (event) => broken.add(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.head.append(script);
        const style = document.createElement('style');
        style.textContent = 'body { color: red }';
        document.head.append(style);
        const image = document.createElement('img');
        image.src = 'http://127.0.0.1:9/x.png';
        document.body.append(image);
        fetch('http://127.0.0.1:9/').catch(() => undefined).then(() => requestAnimationFrame(() => setTimeout(() => {
          script.remove(); style.remove(); image.remove();
          done({ injected: window.injected === true, broken: [...broken].map((name) => name.replace(/-(elem|attr)$/, '')).sort() });
        }, 0)))";
    let seen = page.client.execute_async(script, vec![]).await?;
    assert_eq!(
        seen,
        json!({ "injected": false, "broken": ["connect-src", "img-src", "script-src", "style-src"] })
    );
    page.close().await
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_used_is_said_in_a_dialog() -> Result<()> {
    let home = Home::new()?;
    let file = home.path("not-a-folder");
    std::fs::write(&file, "taken")?;
    let started = home.start(&["--data-dir", &file.display().to_string()])?;
    answer_message_dialog("Patchbay cannot start").await?;
    let ended = started.wait_with_output().await?;
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains(&file.display().to_string()), "{said}");
    Ok(())
}

#[tokio::test]
async fn native_dialogs_give_the_paths_that_were_chosen() -> Result<()> {
    let home = Home::new()?;
    let page = home.open().await?;
    let existing = home.path("zwei Wörter (1).csv");
    std::fs::write(&existing, "Ext Key,User's Name\n")?;
    let ask = "window.chosen = undefined;
        window.__TAURI_INTERNALS__.invoke(arguments[0], { options: { title: arguments[1] } }).then((path) => { window.chosen = path })";
    for (command, title, path) in [
        ("plugin:dialog|open", "Choose a test file", existing),
        (
            "plugin:dialog|save",
            "Save a test file",
            home.path("new file.csv"),
        ),
    ] {
        page.client
            .execute(ask, vec![json!(command), json!(title)])
            .await?;
        answer_file_dialog(title, &path).await?;
        page.holds("window.chosen").await?;
        let chosen = page.client.execute("return window.chosen", vec![]).await?;
        assert_eq!(chosen, json!(path), "{command}");
    }
    page.close().await
}
