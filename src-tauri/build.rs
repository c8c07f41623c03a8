//! Checks the configuration and the capability, and makes permissions of the commands.
//!
//! It runs for the root package, because the Tauri tools want configuration, package and icons in one folder.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(&[
            "rpc",
            "open_link",
            "start_at_login",
            "set_start_at_login",
            "restart",
            "open_folder",
        ]))
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}
