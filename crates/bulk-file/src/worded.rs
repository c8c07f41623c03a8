//! From a compact finding to a whole [`Issue`]: places, value, sentence.

use crate::{
    check::Spot,
    code::{Code, Severity},
    cross::{Entry, restored_plus},
    document::Document,
    file_issue::letters,
    issue::{Column, Fix, Issue, RowPlace},
    message::{Context, Words, describe},
    rules::number,
    scan,
    text::{str_of, trim},
};

impl Document {
    pub(crate) fn place(&self, row: u32) -> RowPlace {
        RowPlace {
            file: self.file_of(row) as u32,
            row: self.row_number(row),
            line: self.lines[row as usize],
        }
    }

    /// The whole finding.
    pub(crate) fn issue(&self, entry: Entry) -> Issue {
        let finding = entry.finding;
        let row = finding.row;
        let place = self.place(row);
        let (column, value) = self.subject(entry);
        let (context, cell) = self.context(entry, column);
        let Words { message, cause, fix } =
            describe(finding.code, value.as_deref().unwrap_or_default(), &context);
        let related: Vec<RowPlace> = self
            .group(entry)
            .iter()
            .filter(|other| **other != row)
            .map(|other| self.place(*other))
            .collect();
        Issue {
            file: Some(place.file),
            row: Some(place.row),
            line: Some(context.line),
            column: column.map(|c| self.heading(row, c)),
            value,
            code: finding.code,
            severity: finding.code.severity(),
            message,
            related_rows: related.iter().map(|p| p.row).collect(),
            fix: fix.map(|value| Fix { value }),
            cell,
            cause,
            first_seen: self.group(entry).first().map(|first| self.place(*first)),
            related,
        }
    }

    /// Severity without wording the finding.
    pub(crate) fn severity(entry: &Entry) -> Severity {
        entry.finding.code.severity()
    }

    /// Heading of a column: the specification's, or the file's where it is another.
    fn heading(&self, row: u32, column: Column) -> String {
        if let Some(heading) = column.heading() {
            return heading.to_owned();
        }
        let Column::Other(at) = column else {
            return String::new();
        };
        self.files[self.file_of(row)]
            .content
            .as_ref()
            .and_then(|c| c.header.names.get(at as usize).cloned())
            .unwrap_or_else(|| letters(at))
    }

    /// Column and raw value a finding is about; findings on columns no rule knows say which through their cells.
    pub(crate) fn subject(&self, entry: Entry) -> (Option<Column>, Option<String>) {
        let finding = entry.finding;
        if let Some(column) = finding.spot.column() {
            return (Some(column), self.value(finding.row, finding.spot));
        }
        if !matches!(finding.code, Code::BackslashComma | Code::UnclosedQuote) {
            return (None, None);
        }
        let found = self.with_row(finding.row, |content, cells| {
            let layout = cells.layout(content.header.width);
            let unclosed = finding.code == Code::UnclosedQuote;
            let cell = (0..cells.len()).find(|at| {
                let at32 = *at as u32;
                let hit = if unclosed {
                    cells.is_unclosed(*at)
                } else {
                    layout.joins.contains(&at32)
                };
                hit && matches!(
                    content.header.column(layout.column_of(*at) as u32),
                    Column::Other(_)
                )
            });
            let cell = cell
                .or_else(|| layout.joins.first().map(|j| *j as usize))
                .unwrap_or_default();
            let column = layout.column_of(cell);
            let (first, taken) = layout.cells_of(column);
            let bytes = cells.join(first, taken, content.delimiter, true);
            (content.header.column(column as u32), str_of(&bytes).to_owned())
        });
        match found {
            Some((column, value)) => (Some(column), Some(value)),
            None => (None, None),
        }
    }

    fn context(&self, entry: Entry, column: Option<Column>) -> (Context, Option<String>) {
        let finding = entry.finding;
        let row = finding.row;
        let group = self.group(entry);
        let mut context = Context {
            heading: column.and_then(Column::heading).unwrap_or("The value"),
            members: group.len(),
            with_plus: self.cross.with_plus,
            line: self.lines[row as usize],
            ..Context::default()
        };
        if let Some(first) = group.first() {
            context.first = self.in_words(*first, row);
            context.other = trim(&self.value(*first, Spot::ExtKey).unwrap_or_default()).to_owned();
        }
        match finding.code {
            Code::NumberPlusLost => {
                let digits = number::digits(self.keys.number[row as usize]);
                context.plus = restored_plus(&digits, &self.cross.plus_evidence);
            }
            Code::IdentityMixed => {
                context.kind = self.cross.kinds.get(self.file_of(row)).copied().flatten();
                context.both = self.keys.identity[row as usize] == 0;
            }
            _ => {}
        }
        let cell = self.with_row(row, |content, cells| {
            let layout = cells.layout(content.header.width);
            let at = column.and_then(|c| content.header.at(c)).unwrap_or_default();
            let (first, taken) = layout.cells_of(at as usize);
            context.cells = cells.len();
            context.width = content.header.width.unwrap_or_default() as usize;
            match finding.code {
                Code::BackslashComma if layout.certain && column.is_some() => {
                    let bytes = cells.join(first, taken, content.delimiter, false);
                    context.joined = Some(trim(str_of(&bytes)).to_owned());
                }
                Code::UnclosedQuote => {
                    context.line += (0..first.min(cells.len()))
                        .map(|at| scan::line_breaks(&cells.get(at)))
                        .sum::<u32>();
                }
                Code::RowLength if finding.spot == Spot::Row => {
                    let gone = |c: &Column| {
                        content
                            .header
                            .at(*c)
                            .is_some_and(|at| layout.cells_of(at as usize).0 >= cells.len())
                    };
                    let surplus = context.cells > context.width && content.header.width.is_some();
                    let wanted = [Column::ExtKey, Column::Name, Column::Uuid];
                    if !surplus {
                        context.missing = wanted
                            .iter()
                            .filter(|c| gone(c))
                            .filter_map(|c| c.heading())
                            .collect();
                    }
                }
                _ => {}
            }
            first as u32
        });
        let sheet_row = self.sheet_rows[row as usize];
        let cell = column.and(cell).map(|at| format!("{}{sheet_row}", letters(at)));
        (context, cell)
    }

    /// "row 31", with the file's name where it is another.
    fn in_words(&self, row: u32, seen_from: u32) -> String {
        let place = self.place(row);
        if self.file_of(seen_from) == place.file as usize {
            format!("row {} (line {})", place.row, place.line)
        } else {
            let name = crate::text::visible(&self.files[place.file as usize].name);
            format!("row {} (line {}) of {name}", place.row, place.line)
        }
    }
}
