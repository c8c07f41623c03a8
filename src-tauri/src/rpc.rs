//! The one command: everything the page asks goes through the command table.

use crate::core::{Core, internal};
use patchbay_api::commands;
use patchbay_core::Failure;
use serde_json::Value;
use tauri::State;

/// Carries out `command` of the table with its `request`.
///
/// # Errors
/// What the command says; what kept the core from opening; `internal` when the command ended by a bug.
#[tauri::command]
pub async fn rpc(core: State<'_, Core>, command: String, request: Value) -> Result<Value, Failure> {
    let patchbay = core.patchbay().await?;
    let name = command.clone();
    // A task of its own: after a panic the page still gets an answer.
    let answer =
        tauri::async_runtime::spawn(async move { commands::dispatch(&patchbay, &command, request).await });
    match answer.await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(command = name, %error, "the command ended early");
            Err(internal(&format!(
                "Patchbay could not finish {name} because of a fault of its own. The log says more."
            )))
        }
    }
}
