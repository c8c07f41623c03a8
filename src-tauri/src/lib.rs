//! The window of Patchbay.
//!
//! The shell turns what the operating system does into calls, and calls into what the operating system can do:
//! window, native dialogs, links, notifications, tray, one `rpc` command over the command table, one `topics` event.
//! It holds no rules: a line here that could be wrong about Webex stands in the wrong place.
//!
//! Start-up order: the window opens at once, the core opens beside it, and commands wait for it. If the core cannot
//! open, a native dialog says why and what to do, and Patchbay ends with status 1.

mod arguments;
mod closing;
mod core;
mod display;
mod links;
mod logs;
mod notices;
mod rpc;
mod system;
mod topics;
mod tray;
mod window;

use clap::Parser;
use std::process::ExitCode;
use tauri::{Manager, RunEvent, WindowEvent};

/// Opens the window and stays until it is closed.
///
/// `context` is made by `tauri::generate_context!()` in the root package, beside the configuration.
pub fn run(context: tauri::Context) -> ExitCode {
    let arguments = arguments::Arguments::parse();
    display::choose_renderer();
    if !display::present() {
        complain(
            "Patchbay needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set. For work without a window there is patchbay-cli.",
        );
        return ExitCode::FAILURE;
    }
    let (data_dir, minimised) = (arguments.data_dir.clone(), arguments.minimised);
    let built = tauri::Builder::default()
        .plugin(window::one_instance(data_dir.as_deref()))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(
            tauri_plugin_autostart::Builder::new()
                .args(arguments.at_login())
                .build(),
        )
        .plugin(window::remembered_state())
        .manage(tray::Tray::new(minimised))
        .invoke_handler(tauri::generate_handler![
            rpc::rpc,
            links::open_link,
            system::start_at_login,
            system::set_start_at_login,
            system::restart,
            system::open_folder
        ])
        .setup(move |app| {
            // An error returned from here would be a panic.
            if let Err(error) =
                core::start(app.handle(), data_dir, minimised).and_then(|()| window::open(app, minimised))
            {
                complain(&format!("Patchbay could not open its window: {error}"));
                app.handle().exit(1);
            }
            app.state::<tray::Tray>().window_is_made();
            closing::on_signals(app.handle());
            Ok(())
        })
        .build(context);
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            complain(&format!("Patchbay could not open its window: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let status = app.run_return(|handle, event| match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } => {
            api.prevent_close();
            if handle.state::<tray::Tray>().keeps() {
                window::hide(handle);
            } else {
                closing::begin(handle);
            }
        }
        // Without a code the wish comes from the system (the application menu, the session's end), not from us.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            closing::begin(handle);
        }
        _ => {}
    });
    u8::try_from(status).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// What cannot wait for the log: it goes to standard error.
fn complain(sentence: &str) {
    use std::io::Write;
    // Nothing is left to be done when even standard error is gone.
    let _ = writeln!(std::io::stderr(), "patchbay: {sentence}");
}
