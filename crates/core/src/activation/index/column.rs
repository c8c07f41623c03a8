//! One column: each different value once, in order, and for each row the place of its value. Sorting and filtering look at
//! places only.

use super::fold::fold;
use super::order::Order;
use super::texts::Texts;
use std::borrow::Cow;
use std::collections::HashMap;

/// The place of a row without a value.
pub(super) const NONE: u32 = u32::MAX;

/// What a search compares, where it looks into the column at all.
pub(super) type Searched = fn(&str) -> Cow<'_, str>;

#[derive(Debug)]
pub(super) struct Column {
    order: Order,
    searched: Option<Searched>,
    values: Texts,
    /// Folded, each closed by a line feed. Empty where no search looks.
    folded: Texts,
    /// Rows that have the value.
    uses: Vec<u32>,
    places: Vec<u32>,
}

/// Which values are let through.
pub(super) struct Let {
    values: Vec<bool>,
    none: bool,
}

impl Let {
    /// Whether any value is let through.
    pub(super) fn any(&self) -> bool {
        self.values.contains(&true)
    }

    pub(super) fn lets(&self, place: u32) -> bool {
        match place {
            NONE => self.none,
            place => self.values[place as usize],
        }
    }
}

impl Column {
    pub(super) fn build<'a>(
        order: Order,
        searched: Option<Searched>,
        rows: impl Iterator<Item = Option<&'a str>> + Clone,
    ) -> Self {
        let mut places: HashMap<&str, u32> = HashMap::new();
        for value in rows.clone().flatten() {
            places.insert(value, 0);
        }
        let mut different: Vec<&str> = places.keys().copied().collect();
        order.sort(&mut different);
        let mut column = Self {
            order,
            searched,
            values: Texts::default(),
            folded: Texts::default(),
            uses: vec![0; different.len()],
            places: Vec::new(),
        };
        for (place, value) in different.into_iter().enumerate() {
            places.insert(value, as_place(place));
            column.values.push(value);
            if let Some(folded) = column.folded(value) {
                column.folded.push(&folded);
            }
        }
        column.places = rows
            .map(|value| value.map_or(NONE, |value| places[value]))
            .collect();
        for place in &column.places {
            if *place != NONE {
                column.uses[*place as usize] += 1;
            }
        }
        column.values.shrink();
        column.folded.shrink();
        column
    }

    fn folded(&self, value: &str) -> Option<String> {
        self.searched.map(|searched| {
            let mut folded = fold(&searched(value));
            folded.push('\n');
            folded
        })
    }

    pub(super) fn place(&self, row: u32) -> u32 {
        self.places[row as usize]
    }

    pub(super) fn value(&self, place: u32) -> Option<&str> {
        match place {
            NONE => None,
            place => Some(self.values.get(place as usize)),
        }
    }

    pub(super) fn get(&self, row: u32) -> Option<&str> {
        self.value(self.place(row))
    }

    fn search(&self, value: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.values.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.order.compare(self.values.get(middle), value) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    /// How many values stand before this one, whether it is there or not.
    pub(super) fn before(&self, value: &str) -> u32 {
        as_place(self.search(value).unwrap_or_else(|at| at))
    }

    pub(super) fn set(&mut self, row: u32, value: Option<&str>) {
        if self.get(row) == value {
            return;
        }
        self.release(row);
        let place = match value {
            None => NONE,
            Some(value) => {
                let at = self.search(value).unwrap_or_else(|at| {
                    self.make_room(at, value);
                    at
                });
                self.uses[at] += 1;
                as_place(at)
            }
        };
        self.places[row as usize] = place;
    }

    fn make_room(&mut self, at: usize, value: &str) {
        self.values.insert(at, value);
        if let Some(folded) = self.folded(value) {
            self.folded.insert(at, &folded);
        }
        self.uses.insert(at, 0);
        let at = as_place(at);
        for place in &mut self.places {
            if *place != NONE && *place >= at {
                *place += 1;
            }
        }
    }

    /// The row does not use its value any more.
    pub(super) fn release(&mut self, row: u32) {
        let place = std::mem::replace(&mut self.places[row as usize], NONE);
        if place != NONE {
            self.uses[place as usize] -= 1;
        }
    }

    /// The values somebody has, in order, with how many have each.
    pub(super) fn used(&self) -> impl Iterator<Item = (&str, u32)> {
        self.uses
            .iter()
            .enumerate()
            .filter(|(_, uses)| **uses > 0)
            .map(|(at, uses)| (self.values.get(at), *uses))
    }

    /// Exactly this value; an empty text is no value.
    pub(super) fn exactly(&self, value: &str) -> Let {
        let mut values = vec![false; self.values.len()];
        if let (false, Ok(at)) = (value.is_empty(), self.search(value)) {
            values[at] = true;
        }
        Let {
            values,
            none: value.is_empty(),
        }
    }

    /// Values that contain a folded text that is not empty.
    pub(super) fn containing(&self, folded: &str) -> Let {
        let mut values = vec![false; self.values.len()];
        self.folded.containing(folded, |at| values[at] = true);
        Let { values, none: false }
    }

    /// Values a predicate lets through.
    pub(super) fn matching(&self, lets: impl Fn(&str) -> bool) -> Let {
        Let {
            values: (0..self.values.len())
                .map(|at| lets(self.values.get(at)))
                .collect(),
            none: false,
        }
    }

    /// The first values in order.
    pub(super) fn first(&self, count: u32) -> Let {
        Let {
            values: (0..self.values.len()).map(|at| as_place(at) < count).collect(),
            none: false,
        }
    }

    /// The rows by their values, keeping the order of those that have the same; rows without a value last.
    pub(super) fn sort(&self, rows: &mut Vec<u32>, descending: bool) {
        let values = self.values.len();
        let rank = |row: u32| match self.place(row) as usize {
            place if place >= values => values,
            place if descending => values - 1 - place,
            place => place,
        };
        if rows.len() < values / 8 {
            rows.sort_by_key(|row| rank(*row));
            return;
        }
        // Counted: each value has its room, each row goes into that of its value.
        let mut next = vec![0_u32; values + 2];
        for row in rows.iter() {
            next[rank(*row) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let mut sorted = vec![0; rows.len()];
        for row in rows.iter() {
            let room = &mut next[rank(*row)];
            sorted[*room as usize] = *row;
            *room += 1;
        }
        *rows = sorted;
    }

    pub(super) fn memory(&self) -> usize {
        self.values.memory()
            + self.folded.memory()
            + (self.uses.capacity() + self.places.capacity()) * size_of::<u32>()
    }
}

fn as_place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE - 1)
}
