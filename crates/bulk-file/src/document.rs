//! One template's files: opened once, then held with their findings. Only offsets and comparison keys are kept per
//! row; values and sentences are read from the text when they are asked for.
//!
//! Invariants: `starts`, `lines`, `sheet_rows` and `keys` have one element a row, over all files in order; `local` is
//! sorted; `index` is `local` and `cross.entries` merged; a row in `emptied` has no finding and key 0.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{
    check::{self, FileCells, Finding},
    code::Severity,
    cross::{self, Cross, Entry, FileRows, KeyColumns},
    decode::{self, Decoded, Encoding},
    edit::History,
    header::{self, Header},
    input::{FileInput, Limits},
    issue::{IdentityKind, Issue},
    outside::Outsides,
    overlay::RowEdit,
    report::{FileReport, Report},
    scan::{self, RawCell},
};

/// A file of a document.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub name: String,
    pub size: u64,
    pub original: Arc<[u8]>,
    pub content: Option<Content>,
    /// Rows of this file among those of the document.
    pub rows: std::ops::Range<u32>,
    /// Findings about the file that no edit changes.
    pub problems: Vec<Issue>,
}

#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub decoded: Decoded,
    pub delimiter: u8,
    pub header: Header,
}

/// One template's files, checked and editable.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) limits: Limits,
    pub(crate) files: Vec<File>,
    pub(crate) starts: Vec<u32>,
    pub(crate) lines: Vec<u32>,
    pub(crate) sheet_rows: Vec<u32>,
    pub(crate) keys: KeyColumns,
    pub(crate) local: Vec<Finding>,
    pub(crate) cross: Cross,
    pub(crate) index: Vec<Entry>,
    /// Members of groups whose finding stands at another row: row, position in `index`; sorted.
    pub(crate) members: Vec<(u32, u32)>,
    /// Rows edited, by position in the document.
    pub(crate) edited: BTreeMap<u32, RowEdit>,
    /// Rows that hold nothing since they were edited, ascending.
    pub(crate) emptied: Vec<u32>,
    /// Behind a pointer, so that trying a value does not copy thousands of sentences.
    pub(crate) outside: Arc<Outsides>,
    pub(crate) history: History,
    pub(crate) version: u64,
}

impl Document {
    /// Reads and checks the files of a template. Never fails: whatever is wrong with them is an issue.
    pub fn open(files: Vec<FileInput>, limits: Limits) -> Self {
        let mut document = Self {
            limits,
            files: Vec::with_capacity(files.len()),
            starts: Vec::new(),
            lines: Vec::new(),
            sheet_rows: Vec::new(),
            keys: KeyColumns::default(),
            local: Vec::new(),
            cross: Cross::default(),
            index: Vec::new(),
            members: Vec::new(),
            edited: BTreeMap::new(),
            emptied: Vec::new(),
            outside: Arc::default(),
            history: History::default(),
            version: 0,
        };
        for file in files {
            document.read(file);
        }
        document.compare();
        document
    }

    fn read(&mut self, input: FileInput) {
        let at = self.files.len() as u32;
        let first = self.starts.len() as u32;
        let mut file = File {
            name: input.name,
            size: input.size,
            original: input.bytes,
            content: None,
            rows: first..first,
            problems: Vec::new(),
        };
        let limit = self.limits.max_bytes.min(Limits::none().max_bytes);
        if file.size.max(file.original.len() as u64) > limit {
            file.problems
                .push(crate::file_issue::too_large(at, &file.name, file.size, limit));
        } else {
            match decode::decode(&file.original) {
                Err(reason) => file
                    .problems
                    .push(crate::file_issue::not_text(at, &file.name, reason)),
                Ok(decoded) => {
                    let opening = header::read(decoded.text.bytes());
                    self.scan(decoded.text.bytes(), &opening);
                    file.rows.end = self.starts.len() as u32;
                    file.problems = crate::file_issue::of_content(
                        at,
                        &file.name,
                        &decoded,
                        &opening,
                        !file.rows.is_empty(),
                    );
                    file.content = Some(Content {
                        decoded,
                        delimiter: opening.delimiter,
                        header: opening.header,
                    });
                }
            }
        }
        self.files.push(file);
    }

    fn scan(&mut self, text: &[u8], opening: &header::Opening) {
        let (mut pos, mut line, mut sheet_row) = (opening.pos, opening.line, opening.sheet_row);
        let mut cells: Vec<RawCell> = Vec::new();
        while pos < text.len() {
            let record = scan::record(text, pos, opening.delimiter, &mut cells);
            let row = FileCells { text, cells: &cells };
            if !check::is_blank(&row) {
                let number = self.starts.len() as u32;
                let keys = check::check(&opening.header, &row, number, &mut self.local);
                self.starts.push(pos as u32);
                self.lines.push(line);
                self.sheet_rows.push(sheet_row);
                self.keys.push(keys);
            }
            pos = record.next;
            line += record.lines;
            sheet_row += 1;
        }
    }

    /// Compares all rows and merges the findings.
    pub(crate) fn compare(&mut self) {
        let files: Vec<FileRows> = self
            .files
            .iter()
            .map(|f| FileRows {
                rows: f.rows.clone(),
                prefers: f
                    .content
                    .as_ref()
                    .map_or(IdentityKind::Name, |c| prefers(&c.header)),
            })
            .collect();
        let cross = cross::compare(
            &self.keys,
            &files,
            |row| self.user_key(row),
            |row| self.identity_spot(row),
        );
        self.cross = cross;
        self.index = merge(&self.local, &self.cross.entries);
        self.members.clear();
        for (at, entry) in self.index.iter().enumerate() {
            if let Some(group) = self.cross.groups.get(entry.group as usize) {
                let others = group.iter().filter(|row| **row != entry.finding.row);
                self.members.extend(others.map(|row| (*row, at as u32)));
            }
        }
        self.members.sort_unstable();
    }

    /// Data rows over all files.
    pub fn row_count(&self) -> u32 {
        (self.starts.len() - self.emptied.len()) as u32
    }

    /// Errors, those of the mirror included.
    pub fn errors(&self) -> u32 {
        self.own_errors() + self.outside.count(Severity::Error)
    }

    /// Warnings, those of the mirror included.
    pub fn warnings(&self) -> u32 {
        self.own_warnings() + self.outside.count(Severity::Warning)
    }

    /// Errors of the files alone: they stop a run.
    pub fn own_errors(&self) -> u32 {
        self.severities(Severity::Error)
    }

    /// Warnings of the files alone.
    pub fn own_warnings(&self) -> u32 {
        self.severities(Severity::Warning)
    }

    fn severities(&self, severity: Severity) -> u32 {
        let rows = self
            .index
            .iter()
            .filter(|e| e.finding.code.severity() == severity)
            .count();
        let files: usize = (0..self.files.len())
            .map(|f| {
                self.file_issues(f)
                    .iter()
                    .filter(|i| i.severity == severity)
                    .count()
            })
            .sum();
        (rows + files) as u32
    }

    /// How users are named: the kind that all files share.
    pub fn identity(&self) -> Option<IdentityKind> {
        let mut kinds = self
            .files
            .iter()
            .zip(&self.cross.kinds)
            .filter_map(|(file, kind)| {
                kind.or_else(|| {
                    let header = &file.content.as_ref()?.header;
                    match (header.name, header.uuid) {
                        (Some(_), None) => Some(IdentityKind::Name),
                        (None, Some(_)) => Some(IdentityKind::Uuid),
                        _ => None,
                    }
                })
            });
        let first = kinds.next()?;
        kinds.all(|k| k == first).then_some(first)
    }

    /// Grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The verdict, ready to be serialised.
    pub fn report(&self) -> Report<'_> {
        let errors = self.errors();
        Report {
            files: (0..self.files.len()).map(|f| self.file_report(f)).collect(),
            identity: self.identity(),
            valid: errors == 0,
            errors,
            warnings: self.warnings(),
            issues: self,
        }
    }

    fn file_report(&self, at: usize) -> FileReport {
        let file = &self.files[at];
        let content = file.content.as_ref();
        FileReport {
            path: file.name.clone(),
            bytes: file.size,
            encoding: content.map(|c| c.decoded.encoding),
            delimiter: content.map(|c| char::from(c.delimiter).to_string()),
            rows: file.rows.len() as u32 - self.emptied_between(file.rows.start, file.rows.end),
            bom: content.is_some_and(|c| c.decoded.bom),
            columns: content.map(|c| c.header.names.clone()).unwrap_or_default(),
        }
    }

    /// All findings: by file, those about the file first, then by row and column; those of the mirror among them.
    pub fn issues(&self) -> impl Iterator<Item = Issue> + '_ {
        let files = (0..self.files.len()).flat_map(move |at| {
            let rows = self.entries_of(at).iter().map(|e| self.issue(*e));
            let range = self.files[at].rows.clone();
            let outside = self
                .outside
                .rows
                .iter()
                .filter(move |o| range.contains(&o.row))
                .map(|o| self.outside_issue(o));
            self.file_issues(at).into_iter().chain(rows).chain(outside)
        });
        files.chain(self.outside.whole.iter().cloned())
    }

    /// Findings of no row: about files as a whole, and what the mirror says of all rows together.
    pub fn issues_of_files(&self) -> impl Iterator<Item = Issue> + '_ {
        let files = (0..self.files.len()).flat_map(|at| self.file_issues(at));
        files.chain(self.outside.whole.iter().cloned())
    }

    /// Findings on the rows of a file.
    pub(crate) fn entries_of(&self, file: usize) -> &[Entry] {
        let rows = &self.files[file].rows;
        let from = self.index.partition_point(|e| e.finding.row < rows.start);
        let to = self.index.partition_point(|e| e.finding.row < rows.end);
        &self.index[from..to]
    }

    /// Findings on a row.
    pub(crate) fn entries_at(&self, row: u32) -> &[Entry] {
        let from = self.index.partition_point(|e| e.finding.row < row);
        let to = self.index.partition_point(|e| e.finding.row <= row);
        &self.index[from..to]
    }

    /// Findings about a file as a whole, as things stand now.
    pub(crate) fn file_issues(&self, at: usize) -> Vec<Issue> {
        let file = &self.files[at];
        let mut out = file.problems.clone();
        let rows = file.rows.len() as u32 - self.emptied_between(file.rows.start, file.rows.end);
        if rows == 0 && file.content.is_some() {
            out.push(crate::file_issue::empty(at as u32, &file.name));
        }
        let total = self.row_count();
        if total > self.limits.max_rows && self.first_over_limit() == Some(at) {
            out.push(crate::file_issue::too_many_rows(
                at as u32,
                total,
                self.limits.max_rows,
                self.files.len(),
            ));
        }
        out
    }

    /// The file in which the limit of rows is passed.
    fn first_over_limit(&self) -> Option<usize> {
        let mut rows = 0;
        self.files.iter().position(|f| {
            rows += f.rows.len() as u32 - self.emptied_between(f.rows.start, f.rows.end);
            rows > self.limits.max_rows
        })
    }

    /// Number of files.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// Encoding the file was read in; none where it is no text.
    pub fn encoding(&self, file: usize) -> Option<Encoding> {
        Some(self.files.get(file)?.content.as_ref()?.decoded.encoding)
    }

    /// Whether a row has an error of the file rules, or is in a group that has one.
    pub(crate) fn rows_in_error(&self) -> Vec<bool> {
        let mut wrong = vec![false; self.starts.len()];
        for entry in self
            .index
            .iter()
            .filter(|e| e.finding.code.severity() == Severity::Error)
        {
            wrong[entry.finding.row as usize] = true;
            for row in self.group(*entry) {
                wrong[*row as usize] = true;
            }
        }
        wrong
    }

    pub(crate) fn group(&self, entry: Entry) -> &[u32] {
        self.cross
            .groups
            .get(entry.group as usize)
            .map_or(&[], Vec::as_slice)
    }
}

fn prefers(header: &Header) -> IdentityKind {
    match (header.name, header.uuid) {
        (Some(name), Some(uuid)) if uuid < name => IdentityKind::Uuid,
        (None, Some(_)) => IdentityKind::Uuid,
        _ => IdentityKind::Name,
    }
}

/// Two sorted lists as one.
fn merge(local: &[Finding], cross: &[Entry]) -> Vec<Entry> {
    let mut out = Vec::with_capacity(local.len() + cross.len());
    let mut other = cross.iter().copied().peekable();
    for finding in local {
        while let Some(entry) = other.next_if(|e| e.finding < *finding) {
            out.push(entry);
        }
        out.push(Entry::alone(*finding));
    }
    out.extend(other);
    out
}
