//! Checks the configuration.

fn main() {
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new()) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}
