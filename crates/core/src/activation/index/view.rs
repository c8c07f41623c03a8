//! Which rows a view shows, in its order.

use super::Index;
use super::column::{Column, Let};
use super::fold::fold;
use crate::activation::model::{ActivationColumn, ActivationView};
use crate::activation::states;
use jiff::Timestamp;

/// Columns a search looks into: all but the times, which everybody sees in a clock of their own.
pub(in crate::activation) const SEARCHED: [ActivationColumn; 9] = [
    ActivationColumn::Location,
    ActivationColumn::Licence,
    ActivationColumn::ServiceType,
    ActivationColumn::ServiceId,
    ActivationColumn::Extension,
    ActivationColumn::FirstName,
    ActivationColumn::LastName,
    ActivationColumn::Email,
    ActivationColumn::State,
];
/// Levels of an order.
pub(in crate::activation) const LEVELS: usize = 4;

impl Index {
    /// The rows of a view in its order; `now` says who is stuck.
    pub(in crate::activation) fn view(&self, view: &ActivationView, now: Timestamp) -> Vec<u32> {
        let filters = self.filters(view);
        let words = self.words(view);
        let stuck = view.stuck.then(|| self.stuck_filter(now));
        let mut rows: Vec<u32> = self
            .rows()
            .filter(|row| {
                filters
                    .iter()
                    .chain(stuck.iter().flatten())
                    .all(|(column, filter)| filter.lets(column.place(*row)))
                    && words
                        .iter()
                        .all(|word| word.iter().any(|(column, found)| found.lets(column.place(*row))))
            })
            .collect();
        for level in view.sort.iter().take(LEVELS).rev() {
            self.column(level.column).sort(&mut rows, level.descending);
        }
        rows
    }

    fn filters(&self, view: &ActivationView) -> Vec<(&Column, Let)> {
        let whole = [
            (ActivationColumn::State, &view.state),
            (ActivationColumn::Location, &view.location),
            (ActivationColumn::Licence, &view.licence),
            (ActivationColumn::ServiceType, &view.service_type),
        ];
        let parts = [
            (ActivationColumn::ServiceId, &view.service_id),
            (ActivationColumn::Extension, &view.extension),
            (ActivationColumn::FirstName, &view.first_name),
            (ActivationColumn::LastName, &view.last_name),
            (ActivationColumn::Email, &view.email),
        ];
        let whole = whole.into_iter().filter_map(|(column, wanted)| {
            let column = self.column(column);
            wanted.as_deref().map(|wanted| (column, column.exactly(wanted)))
        });
        let parts = parts.into_iter().filter_map(|(column, wanted)| {
            let column = self.column(column);
            let wanted = fold(wanted.as_deref()?.trim());
            (!wanted.is_empty()).then(|| (column, column.containing(&wanted)))
        });
        whole.chain(parts).collect()
    }

    /// For each word of the search where it is found.
    fn words(&self, view: &ActivationView) -> Vec<Vec<(&Column, Let)>> {
        let search = fold(view.search.as_deref().unwrap_or_default());
        search
            .split_whitespace()
            .map(|word| {
                SEARCHED
                    .map(|column| self.column(column))
                    .into_iter()
                    .map(|column| (column, column.containing(word)))
                    .filter(|(_, found)| found.any())
                    .collect()
            })
            .collect()
    }

    fn stuck_filter(&self, now: Timestamp) -> [(&Column, Let); 2] {
        let (state, changed) = (
            self.column(ActivationColumn::State),
            self.column(ActivationColumn::LastStatusChange),
        );
        // What is no time stands after all times.
        let late = changed.first(self.stuck_mark(now));
        [(state, state.matching(states::is_on_the_way)), (changed, late)]
    }

    /// How many are stuck.
    pub(in crate::activation) fn stuck(&self, now: Timestamp) -> u32 {
        let stuck = self.stuck_filter(now);
        let rows = self.rows().filter(|row| {
            stuck
                .iter()
                .all(|(column, filter)| filter.lets(column.place(*row)))
        });
        u32::try_from(rows.count()).unwrap_or(u32::MAX)
    }

    /// Tells apart the moments at which different users are stuck.
    pub(in crate::activation) fn stuck_mark(&self, now: Timestamp) -> u32 {
        self.column(ActivationColumn::LastStatusChange)
            .before(&states::stuck_before(now).to_string())
    }
}
