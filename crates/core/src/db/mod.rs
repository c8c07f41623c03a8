//! SQLite: one writer, a pool of readers, migrations.
//!
//! Invariants: the journal is WAL and every commit is durable (`synchronous=FULL`); a change is published only after
//! its commit ([`Write::commit`]); a database is copied before it is migrated; one that a newer Patchbay has written
//! is refused untouched.

mod adopt;

pub use adopt::adopt;

use crate::events::{Events, Topic};
use sqlx::migrate::{Migrate, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, SqlitePool as Pool, Transaction};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The file's name inside the data folder.
pub const FILE_NAME: &str = "patchbay.db";

/// How long a locked database is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the data folder {path} cannot be used")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the database {path} was written by a newer Patchbay (it knows migration {version})")]
    Newer { path: PathBuf, version: i64 },
    #[error("the database {path} is not one of Patchbay's, or is damaged")]
    Damaged { path: PathBuf, source: Box<sqlx::Error> },
    #[error("the copy before the migration could not be made")]
    Backup { source: std::io::Error },
    #[error("the migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database refused")]
    Query(#[from] sqlx::Error),
    /// A row that contradicts itself: never guessed, never dropped.
    #[error("the row {id} of {table} contradicts itself: {what}")]
    Corrupt {
        table: &'static str,
        id: String,
        what: String,
    },
}

impl Error {
    /// Whether the disk is full, the folder read-only or the file otherwise not writable.
    pub fn is_storage(&self) -> bool {
        match self {
            Self::Folder { .. } | Self::Backup { .. } => true,
            Self::Query(error) | Self::Migration(sqlx::migrate::MigrateError::Execute(error)) => {
                is_storage(error)
            }
            Self::Damaged { source, .. } => is_storage(source),
            _ => false,
        }
    }
}

impl Error {
    /// Whether the disk, or a quota, has no room left.
    pub fn is_full(&self) -> bool {
        const FULL: u32 = 13;
        matches!(self, Self::Query(error) if primary_code(error) == Some(FULL))
    }
}

fn is_storage(error: &sqlx::Error) -> bool {
    const READONLY_IOERR_FULL_CANTOPEN: [u32; 4] = [8, 10, 13, 14];
    if matches!(error, sqlx::Error::Io(_)) {
        return true;
    }
    primary_code(error).is_some_and(|code| READONLY_IOERR_FULL_CANTOPEN.contains(&code))
}

/// SQLite's result code (sqlite.org/rescode.html); extended ones keep the primary one in their low byte.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// The database of one data folder.
#[derive(Debug, Clone)]
pub struct Db {
    writer: Pool,
    readers: Pool,
    events: Events,
    path: PathBuf,
}

impl Db {
    /// Opens or makes the database in `folder`, migrating it where needed.
    ///
    /// # Errors
    /// See [`Error`]; a newer or damaged database is left untouched.
    pub async fn open(folder: &Path, events: Events) -> Result<Self, Error> {
        make_folder(folder)?;
        let path = folder.join(FILE_NAME);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        // What is newer or no database of ours is refused before anything is made beside it.
        let to_migrate = !path.exists() || is_pending(&options, &path).await?;
        let turn = if to_migrate {
            Some(turn(folder).await?)
        } else {
            None
        };
        if turn.is_some() {
            let is_new = private_file(&path).map_err(|source| Error::Folder {
                path: folder.to_owned(),
                source,
            })?;
            // Another process may have migrated it while this one waited for its turn.
            if is_pending(&options, &path).await? && !is_new {
                back_up(&options, &path).await?;
            }
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            // A disk that is full makes SQLite end a transaction by itself, which the connection never learns: it would
            // refuse every further one.
            .before_acquire(|connection, _| {
                let usable = !connection.is_in_transaction();
                Box::pin(async move { Ok(usable) })
            })
            .connect_with(options.clone())
            .await?;
        MIGRATIONS.run(&writer).await?;
        drop(turn);
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        Ok(Self {
            writer,
            readers,
            events,
            path,
        })
    }

    /// Connections for reading; a statement that writes belongs into [`Db::write`].
    pub fn read(&self) -> &SqlitePool {
        &self.readers
    }

    /// The one writer, waited for.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn write(&self) -> Result<Write, Error> {
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write {
            transaction,
            topics: BTreeSet::new(),
            events: self.events.clone(),
        })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The broadcast that commits publish on.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Closes all connections; the journal is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Makes the data folder where it is not there.
///
/// # Errors
/// [`Error::Folder`].
pub fn make_folder(folder: &Path) -> Result<(), Error> {
    private_folder(folder).map_err(|source| Error::Folder {
        path: folder.to_owned(),
        source,
    })
}

/// Makes the folder where it is not there, for this account only: the mirror is nobody else's.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Makes an empty file where there is none, for this account only, and says whether it did. SQLite gives its journals
/// the same permissions.
fn private_file(path: &Path) -> std::io::Result<bool> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(source) if source.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        made => made.map(|_| true),
    }
}

/// [`pending`], on a connection of its own; afterwards the journal is WAL.
async fn is_pending(options: &SqliteConnectOptions, path: &Path) -> Result<bool, Error> {
    let mut connection = connect(options).await.map_err(|source| Error::Damaged {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let pending = pending(&mut connection, path).await;
    connection.close().await.ok();
    pending
}

/// A connection, waited for: SQLite's own patience ([`PATIENCE`]) does not hold for the change to WAL, which it refuses at
/// once where another process is at the same change.
async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    const BUSY: u32 = 5;
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        match SqliteConnection::connect_with(options).await {
            Err(error) if primary_code(&error) == Some(BUSY) && tokio::time::Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            connected => return connected,
        }
    }
}

/// The turn of one process to make or migrate the database.
async fn turn(folder: &Path) -> Result<std::fs::File, Error> {
    let path = folder.join("migration.lock");
    let failed = |source| Error::Folder {
        path: folder.to_owned(),
        source,
    };
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(|_| failed(std::io::Error::other("waiting for another Patchbay was cut off")))?
        .map_err(failed)
}

/// Whether migrations are still to be run.
async fn pending(connection: &mut SqliteConnection, path: &Path) -> Result<bool, Error> {
    let damaged = |source: sqlx::Error| Error::Damaged {
        path: path.to_owned(),
        source: Box::new(source),
    };
    let known: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await
        .map_err(damaged)?;
    if known == 0 {
        return Ok(true);
    }
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await?;
    for migration in &applied {
        if !MIGRATIONS.version_exists(migration.version) {
            return Err(Error::Newer {
                path: path.to_owned(),
                version: migration.version,
            });
        }
    }
    Ok(applied.len() < MIGRATIONS.iter().count())
}

/// A consistent copy beside the database, named after the migration it was made before.
async fn back_up(options: &SqliteConnectOptions, path: &Path) -> Result<(), Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let name = format!(
        "patchbay-before-{}.db",
        MIGRATIONS.iter().map(|m| m.version).max().unwrap_or_default()
    );
    let copy = path.with_file_name(name);
    if copy.exists() {
        // Of an earlier try at the same migration: the older copy is the one from before it.
        return Ok(());
    }
    // Only a whole copy gets the name that counts.
    let part = copy.with_extension("part");
    match std::fs::remove_file(&part) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => return Err(Error::Backup { source }),
        _ => {}
    }
    sqlx::query("vacuum into ?")
        .bind(part.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await?;
    connection.close().await.ok();
    std::fs::File::open(&part)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&part, &copy))
        .map_err(|source| Error::Backup { source })
}

/// An open write; dropped without [`Write::commit`] it never happened.
#[derive(Debug)]
pub struct Write {
    transaction: Transaction<'static, Sqlite>,
    topics: BTreeSet<Topic>,
    events: Events,
}

impl Write {
    /// The connection to execute on.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// Notes that this write changes something about `topic`.
    pub fn touch(&mut self, topic: Topic) {
        self.topics.insert(topic);
    }

    /// Makes the write durable, then tells whoever listens.
    ///
    /// # Errors
    /// When SQLite cannot commit; then nothing has happened and nothing is published.
    pub async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await?;
        self.events.publish(self.topics);
        Ok(())
    }
}
