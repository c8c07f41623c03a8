//! What leaves the grid: a file of a view, a text for the clipboard.

use super::model::{ActivationColumn, ActivationSelection, ActivationView};
use super::{Activation, states};
use crate::error::{Error, Result};
use crate::runs::ExportKind;
use bulk_file::write::{Kind, Writer};
use std::collections::HashSet;

/// The heading of a column, as the grid has it.
const fn heading(column: ActivationColumn) -> &'static str {
    match column {
        ActivationColumn::Location => "Location",
        ActivationColumn::Licence => "Webex License",
        ActivationColumn::ServiceType => "Service Type",
        ActivationColumn::ServiceId => "Service ID",
        ActivationColumn::Extension => "Ext",
        ActivationColumn::FirstName => "First Name",
        ActivationColumn::LastName => "Last Name",
        ActivationColumn::Email => "Email",
        ActivationColumn::State => "Webex Email Validation",
        ActivationColumn::LastStatusChange => "Last Status Change",
        ActivationColumn::AsOf => "As Of",
    }
}

/// A cell as people read it: the state in words, times in UTC.
fn shown(column: ActivationColumn, value: Option<&str>) -> &str {
    let value = value.unwrap_or_default();
    match column {
        ActivationColumn::State => states::label(value),
        _ => value,
    }
}

fn some(columns: &[ActivationColumn]) -> Result<()> {
    if columns.is_empty() {
        return Err(Error::invalid(
            "columns",
            "No column was chosen. Choose at least one.",
        ));
    }
    Ok(())
}

/// Nothing a spreadsheet would calculate, and no end of a cell or line.
fn harmless(cell: &str) -> String {
    let cell: String = cell
        .chars()
        .map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c })
        .collect();
    if cell.starts_with(['=', '+', '-', '@']) {
        return format!("'{cell}");
    }
    if cell.starts_with('"') {
        // Else the cell would go on to the next quotation mark, wherever that is.
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

impl Activation {
    /// The users of a view as CSV, with their number.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] without columns.
    pub async fn csv(
        &self,
        organisation: &str,
        view: &ActivationView,
        columns: &[ActivationColumn],
        kind: ExportKind,
    ) -> Result<(Vec<u8>, u32)> {
        // Memory does not fail; the error is there because the writer is generic.
        let failed = |_| Error::Ended {
            what: "Writing the CSV",
        };
        some(columns)?;
        let mut writer = Writer::new(match kind {
            ExportKind::Reimport => Kind::Reimport,
            ExportKind::Spreadsheet => Kind::Spreadsheet,
        });
        writer
            .row(columns.iter().map(|column| heading(*column)))
            .map_err(failed)?;
        let mut count = 0;
        if let Some((mut looking, now)) = self.looking(organisation).await?
            && let Some(kept) = looking.kept()
        {
            let rows = kept.view(view, now);
            for row in rows.iter() {
                let cells = columns
                    .iter()
                    .map(|column| shown(*column, kept.index.cell(*row, *column)));
                writer.row(cells).map_err(failed)?;
                count += 1;
            }
        }
        Ok((writer.finish().map_err(failed)?, count))
    }

    /// Users as text for the clipboard, tab-separated with a head, in the order of `view`; their number.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] without columns.
    pub async fn text(
        &self,
        organisation: &str,
        selection: &ActivationSelection,
        columns: &[ActivationColumn],
        view: &ActivationView,
    ) -> Result<(String, u32)> {
        some(columns)?;
        let (order, keys) = match selection {
            ActivationSelection::View { view } => (view.clone(), None),
            ActivationSelection::Keys { keys } => {
                // Who is selected is copied, whether the filters show it any more or not.
                let order = ActivationView {
                    sort: view.sort.clone(),
                    ..ActivationView::default()
                };
                (
                    order,
                    Some(keys.iter().map(String::as_str).collect::<HashSet<_>>()),
                )
            }
        };
        let head: Vec<String> = columns.iter().map(|column| heading(*column).to_owned()).collect();
        let mut lines = vec![head.join("\t")];
        if let Some((mut looking, now)) = self.looking(organisation).await?
            && let Some(kept) = looking.kept()
        {
            let rows = kept.view(&order, now);
            let wanted = |row: &&u32| {
                keys.as_ref()
                    .is_none_or(|keys| keys.contains(kept.index.key(**row)))
            };
            for row in rows.iter().filter(wanted) {
                let cells: Vec<String> = columns
                    .iter()
                    .map(|column| harmless(shown(*column, kept.index.cell(*row, *column))))
                    .collect();
                lines.push(cells.join("\t"));
            }
        }
        let count = u32::try_from(lines.len() - 1).unwrap_or(u32::MAX);
        lines.push(String::new());
        Ok((lines.join("\n"), count))
    }

    /// The keys of the users of a view, in its order.
    pub(super) async fn keys_of(&self, organisation: &str, view: &ActivationView) -> Result<Vec<String>> {
        let Some((mut looking, now)) = self.looking(organisation).await? else {
            return Ok(Vec::new());
        };
        Ok(looking.kept().map_or_else(Vec::new, |kept| {
            let rows = kept.view(view, now);
            rows.iter().map(|row| kept.index.key(*row).to_owned()).collect()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_is_left_to_calculate() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("\t=1"), " =1");
        assert_eq!(harmless("a\tb\r\nc"), "a b  c");
        assert_eq!(harmless("a=b"), "a=b");
        assert_eq!(harmless("\"Bo\" Li"), "\"\"\"Bo\"\" Li\"");
        assert_eq!(harmless("Bo \"B\" Li"), "Bo \"B\" Li");
    }
}
