//! An empty window: what Tauri and WebKit cost before Patchbay adds anything.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
