//! Compile-time data of the SQL queries: `crates/core/.sqlx`.
//!
//! A database file with all migrations applied is made under `target/`; the compiler then asks it about each query.

use crate::chore::{Outcome, Problem, root, target};
use crate::process::{cargo, run};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

fn committed() -> PathBuf {
    root().join("crates/core/.sqlx")
}

/// Writes the data of the queries as they are now.
///
/// # Errors
/// A migration or a query is wrong.
pub fn write() -> Outcome {
    let fresh = prepare()?;
    let place = committed();
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::create_dir_all(&place)?;
    for (name, content) in read(&fresh)? {
        std::fs::write(place.join(name), content)?;
    }
    println!("sqlx: wrote crates/core/.sqlx");
    Ok(())
}

/// Compares the committed data with the queries as they are now.
///
/// # Errors
/// Data is missing, stale, or left over from a query that is gone.
pub fn check() -> Outcome {
    if read(&prepare()?)? == read(&committed())? {
        println!("sqlx: crates/core/.sqlx is as the queries say");
        return Ok(());
    }
    Err(Problem::new(
        "crates/core/.sqlx is not what the queries say. Run `cargo xtask sqlx` and commit it.",
    ))
}

fn prepare() -> Result<PathBuf, Problem> {
    let folder = target().join("sqlx");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let data = folder.join("data");
    std::fs::create_dir_all(&data)?;
    let database = format!("sqlite://{}?mode=rwc", folder.join("queries.db").display());
    run(&mut cargo(&[
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "migrations",
        "--",
        "sqlx",
        "--migrate",
        &database,
    ]))?;
    // The compiler looks at the queries again only if their crate has changed.
    let changed = std::fs::File::options()
        .append(true)
        .open(root().join("crates/core/src/lib.rs"))?;
    changed.set_modified(changed_now()?)?;
    let mut check = cargo(&["check", "--package", "patchbay-core"]);
    check
        .env("DATABASE_URL", &database)
        .env("SQLX_OFFLINE_DIR", &data)
        .env("SQLX_OFFLINE", "false");
    run(&mut check)?;
    Ok(data)
}

/// The moment the migrated database was written: just now.
fn changed_now() -> std::io::Result<std::time::SystemTime> {
    target().join("sqlx/queries.db").metadata()?.modified()
}

fn read(folder: &Path) -> Result<BTreeMap<OsString, Vec<u8>>, Problem> {
    let mut files = BTreeMap::new();
    if folder.exists() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            files.insert(entry.file_name(), std::fs::read(entry.path())?);
        }
    }
    Ok(files)
}

/// Applies the migrations to `database`.
///
/// # Errors
/// A migration is wrong.
#[cfg(feature = "migrations")]
pub fn migrate(database: &str) -> Outcome {
    use sqlx::Connection;
    let apply = async {
        let migrations = sqlx::migrate::Migrator::new(root().join("crates/core/migrations")).await?;
        let mut connection = sqlx::SqliteConnection::connect(database).await?;
        migrations.run_direct(None, &mut connection, false).await?;
        connection.close().await?;
        Ok::<(), Box<dyn std::error::Error>>(())
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime
        .block_on(apply)
        .map_err(|error| Problem::new(format!("the migrations cannot be applied: {error}")))
}

/// Applies the migrations, in a build that can.
///
/// # Errors
/// This build cannot.
#[cfg(not(feature = "migrations"))]
pub fn migrate(_database: &str) -> Outcome {
    Err(Problem::new(
        "`sqlx --migrate` is for `cargo xtask sqlx`, which builds this chore with the feature `migrations`.",
    ))
}
