//! What must be known about the display before GTK starts.

/// Whether there is a display to open a window on.
pub fn present() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(target_os = "linux")]
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// With NVIDIA's own driver WebKit's DMABUF renderer draws an empty window (tauri-apps/tauri#8462), so the program
/// starts itself anew with that renderer off. What the person has set stands. Never under automation: without the
/// renderer the driver's screenshots hang.
#[cfg(target_os = "linux")]
pub fn choose_renderer() {
    use std::os::unix::process::CommandExt;
    let decided = [SWITCH, "TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some());
    if decided || !std::path::Path::new("/proc/driver/nvidia/version").exists() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Returns only if it failed; the window may then be empty, but nothing else is wrong.
        let error = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
        crate::complain(&format!("could not start anew with {SWITCH}=1: {error}"));
    }
}

/// Only WebKitGTK has this trouble.
#[cfg(not(target_os = "linux"))]
pub fn choose_renderer() {}
