//! Writing CSV: every export of the application goes through here, in one of two kinds.

use serde::{Deserialize, Serialize};

/// What an export is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// To be read by a program, this one included: values as they are (`+6512345678`).
    #[default]
    Reimport,
    /// To be opened in a spreadsheet: a cell that would begin with = + - @, tab or CR gets an apostrophe in front
    /// (OWASP ASVS 1.2.10), and the file a byte order mark, without which Excel takes UTF-8 for Windows-1252.
    Spreadsheet,
}

/// CSV text being written: UTF-8, comma, CRLF, quotes where needed.
pub struct Writer {
    kind: Kind,
    inner: csv::Writer<Vec<u8>>,
}

impl Writer {
    /// An empty file.
    pub fn new(kind: Kind) -> Self {
        let out = match kind {
            Kind::Reimport => Vec::new(),
            Kind::Spreadsheet => b"\xef\xbb\xbf".to_vec(),
        };
        let inner = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(out);
        Self { kind, inner }
    }

    /// Appends a row.
    ///
    /// # Errors
    /// Those of the `csv` crate; writing to memory has none in practice.
    pub fn row<I, T>(&mut self, cells: I) -> Result<(), csv::Error>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<str>,
    {
        for cell in cells {
            let cell = cell.as_ref();
            if self.kind == Kind::Spreadsheet && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                self.inner.write_field(format!("'{cell}"))?;
            } else {
                self.inner.write_field(cell)?;
            }
        }
        self.inner.write_record(None::<&[u8]>)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Those of the `csv` crate; writing to memory has none in practice.
    pub fn finish(self) -> Result<Vec<u8>, csv::Error> {
        self.inner
            .into_inner()
            .map_err(|e| csv::Error::from(std::io::Error::other(e.to_string())))
    }
}
