//! The binary: configuration, page and icon go in here, everything else is in `patchbay-shell`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    patchbay_shell::run(tauri::generate_context!())
}
