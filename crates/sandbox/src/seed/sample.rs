//! A bulk file for the demo seed: 300 rows for its first location, with planted problems.
//!
//! Columns `Ext Key,User's Name,Number`. Rows are people without calling in list order with extensions from 6000 and free
//! numbers of the location for two in three. The planted rows are listed in `docs/sandbox.md`.

use crate::cloud::Cloud;
use crate::cloud::inventory::Owner;

/// Rows in the file.
const ROWS: usize = 300;

/// The file, UTF-8 with CRLF line ends.
#[must_use]
pub fn csv(cloud: &Cloud) -> Vec<u8> {
    let location = super::demo::SAMPLE_LOCATION;
    let mut free = cloud
        .inventory
        .numbers
        .iter()
        .filter(|(_, n)| n.location == location && n.active && n.owner.is_none() && !n.main)
        .map(|(digits, _)| digits.clone());
    let mut rows: Vec<[String; 3]> = cloud
        .people
        .from(0)
        .filter(|(_, p)| p.calling.is_none() && p.roles.is_empty() && !p.email.starts_with("sentinel."))
        .take(ROWS)
        .enumerate()
        .map(|(n, (_, p))| {
            let number = if n % 3 == 2 {
                String::new()
            } else {
                free.next().unwrap_or_default()
            };
            [(6000 + n).to_string(), p.display_name.clone(), number]
        })
        .collect();
    plant(&mut rows, cloud, location);
    let mut text = String::from("Ext Key,User's Name,Number\r\n");
    for row in rows {
        text.push_str(&row.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn plant(rows: &mut [[String; 3]], cloud: &Cloud, location: usize) {
    let mut set = |row: usize, column: usize, value: String| {
        if let Some(cell) = rows.get_mut(row - 1).and_then(|r| r.get_mut(column)) {
            *cell = value;
        }
    };
    set(12, 0, "60".to_owned());
    set(27, 0, "60x6".to_owned());
    set(41, 0, "6000".to_owned());
    set(58, 2, "+44 161 496 0888".to_owned());
    set(73, 2, "=\"441614960889\"".to_owned());
    set(90, 2, "4.41615E+11".to_owned());
    set(118, 1, String::new());
    set(142, 1, "Nobody Atall".to_owned());
    set(205, 2, "+441614970001".to_owned());
    let feature = cloud
        .inventory
        .extensions
        .iter()
        .find(|((l, _), e)| *l == location && matches!(e.owner, Owner::Feature(_)));
    if let Some(((_, extension), _)) = feature {
        set(177, 0, extension.clone());
    }
    let taken = cloud
        .inventory
        .numbers
        .iter()
        .find(|(_, n)| n.location == location && matches!(n.owner, Some(Owner::Person(_))));
    if let Some((digits, _)) = taken {
        set(233, 2, digits.clone());
    }
    let caller = cloud.people.from(0).find(|(_, p)| p.calling.is_some());
    if let Some((_, person)) = caller {
        set(260, 1, person.display_name.clone());
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
