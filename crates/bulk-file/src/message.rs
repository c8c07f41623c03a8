//! The sentences. Each names the object, says what happened and what to do next (design.md, section 5); values are
//! quoted with their invisible characters named.

use crate::{
    code::Code,
    issue::IdentityKind,
    rules::{artifact, ext_key, identity, number, plain_digits},
    text::{SegmentKind, segments, trim, visible},
};

/// What a sentence may draw on besides the value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// Heading of the column.
    pub heading: &'static str,
    /// For groups: where the first of them stands, in words, and how many there are.
    pub first: String,
    pub members: usize,
    /// Spelling of the first of a group of look-alikes.
    pub other: String,
    /// Numbers with a + in the template.
    pub with_plus: u32,
    /// The value with its + restored, where certain.
    pub plus: Option<String>,
    /// The kind the file holds mostly, and whether the row fills both columns.
    pub kind: Option<IdentityKind>,
    pub both: bool,
    /// Cells of the row and of the header; headings of missing cells.
    pub cells: usize,
    pub width: usize,
    pub missing: Vec<&'static str>,
    /// The value that cells cut apart by `\,` mean, where certain.
    pub joined: Option<String>,
    /// Line on which the quote opened.
    pub line: u32,
}

/// Sentence, likely cause, certain value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    pub message: String,
    pub cause: Option<String>,
    pub fix: Option<String>,
}

fn words(message: String) -> Words {
    Words {
        message,
        cause: None,
        fix: None,
    }
}

impl Words {
    fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    fn fixed(mut self, fix: Option<String>) -> Self {
        self.fix = fix;
        self
    }
}

/// `n` things, with the plural where it is due.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The sentence on `value`, which is the raw value of the cell.
pub(crate) fn describe(code: Code, value: &str, context: &Context) -> Words {
    let trimmed = trim(value);
    let shown = visible(trimmed);
    let heading = context.heading;
    match code {
        Code::RowLength => row_length(context),
        Code::BackslashComma => backslash(&visible(value), context),
        Code::UnclosedQuote if !trimmed.starts_with('"') => words(format!(
            "The quote before \"{shown}\" on line {} is closed lines later, and what it holds looks like more rows. Add the closing quote, or take the opening one out.",
            context.line
        ))
        .because("the closing quote is missing, and a quote of a later row was taken for it"),
        Code::UnclosedQuote => words(format!(
            "The quote before \"{}\" on line {} is never closed. Add the closing quote, or take the opening one out.",
            visible(trimmed.trim_start_matches('"')),
            context.line
        ))
        .because("one quote of a pair is missing"),
        Code::ExtKeyBlank => words("Ext Key is blank. Give every user an extension of 3 to 5 digits.".to_owned()),
        Code::ExtKeyNotNumeric => ext_key_not_numeric(trimmed, &shown),
        Code::ExtKeyLength => {
            words(format!("Ext Key must have 3 to 5 digits; \"{shown}\" has {}.", trimmed.chars().count()))
        }
        Code::ExtKeyDuplicate => words(format!(
            "Ext Key \"{shown}\" stands in {}, first in {}. Give each user an extension of their own.",
            count(context.members, "row", "rows"),
            context.first
        )),
        Code::ExtKeyLookalike => words(format!(
            "Ext Key \"{shown}\" differs from \"{}\" in {} in leading zeros only. These are two extensions; check whether one was meant.",
            context.other, context.first
        ))
        .because("a spreadsheet drops leading zeros"),
        Code::IdentityBlank => words(format!("{heading} is blank. Every row needs one user.")),
        Code::IdentityMixed => mixed(&shown, context),
        Code::IdentityNotUuid => not_uuid(trimmed, &shown),
        Code::IdentityDuplicate => words(format!(
            "User \"{shown}\" stands in {}, first in {}. Keep one row for each user.",
            count(context.members, "row", "rows"),
            context.first
        )),
        Code::IdentityNormalised => normalised(trimmed, &shown),
        Code::NameIsFormula => words(format!(
            "The name \"{shown}\" begins with {}. Patchbay takes it as a name; a spreadsheet would compute it. Check that it is one.",
            trimmed.chars().next().unwrap_or_default()
        )),
        Code::NumberNotNumeric => number_not_numeric(trimmed, &shown),
        Code::NumberFormatted => {
            let plain = number::unformatted(trimmed).unwrap_or_default();
            words(format!(
                "Number \"{shown}\" holds spaces, dashes, dots or brackets. It is read as \"{plain}\"."
            ))
            .fixed(Some(plain))
        }
        Code::SpreadsheetArtifact => unwrapped(heading, trimmed, &shown),
        Code::NumberPlusLost => words(format!(
            "Number \"{shown}\" has no leading +; {} {} one. {}",
            count(context.with_plus as usize, "other number", "other numbers"),
            if context.with_plus == 1 { "has" } else { "have" },
            if context.plus.is_some() { "Restore it, or leave it." } else { "Check whether it was lost." }
        ))
        .because("a spreadsheet takes +digits for a number and drops the +")
        .fixed(context.plus.clone()),
        Code::NumberScientific => words(format!(
            "A spreadsheet turned the number into {shown}; its digits are lost. Type the number again."
        ))
        .because("a spreadsheet shortens long numbers"),
        Code::NumberMultiple => {
            let parts = number::parts(trimmed).map_or(2, |p| p.len());
            words(format!("Number \"{shown}\" holds {parts} numbers. A user gets at most one; keep one of them."))
        }
        Code::NumberLength => {
            let digits = trimmed.bytes().filter(u8::is_ascii_digit).count();
            words(format!("Number must have 7 to 15 digits; \"{shown}\" has {digits}."))
        }
        Code::NumberDuplicate => words(format!(
            "Number \"{shown}\" stands in {}, first in {}. A number belongs to one user; keep it in one row.",
            count(context.members, "row", "rows"),
            context.first
        )),
        Code::ValueTrimmed => {
            let what = surroundings(value, trimmed);
            words(format!("{heading} \"{}\" has {what}. It is read as \"{shown}\".", visible(value)))
                .fixed(Some(trimmed.to_owned()))
        }
        // Of the file, or from outside: worded where they arise.
        _ => words(code.as_str().to_owned()),
    }
}

fn row_length(context: &Context) -> Words {
    let cells = count(context.cells, "cell", "cells");
    if context.missing.is_empty() {
        words(format!(
            "The row has {cells}, the header has {}. Put quotes around a value that holds the delimiter, or take the surplus out.",
            context.width
        ))
        .because("a delimiter inside a value without quotes")
    } else {
        words(format!(
            "The row ends after {cells}; {} is missing. Add it.",
            context.missing.join(" and ")
        ))
    }
}

fn backslash(shown: &str, context: &Context) -> Words {
    let message = match &context.joined {
        Some(joined) => {
            format!(
                "\"{shown}\" is written with a backslash, which CSV does not know. It means \"{}\"; put it in quotes.",
                visible(joined)
            )
        }
        None => format!(
            "The row has more cells than the header, and several end in a backslash (\"{shown}\"). Put values that hold a comma in quotes."
        ),
    };
    words(message)
        .because("Control Hub writes a comma inside a value as \\,")
        .fixed(context.joined.clone())
}

fn ext_key_not_numeric(trimmed: &str, shown: &str) -> Words {
    let plain = plain_digits(trimmed).filter(|p| ext_key::check(p.as_bytes()).code.is_none());
    let say = |what: String| {
        words(format!(
            "Ext Key must be digits only; \"{shown}\" {what}. Use 3 to 5 digits, 0 to 9."
        ))
    };
    if let Some(plain) = plain {
        return say("holds other characters than the digits 0 to 9".to_owned())
            .because("copied with invisible characters, or typed in another script")
            .fixed(Some(plain));
    }
    if number::is_scientific(trimmed) {
        return say("is a number in E notation".to_owned()).because("a spreadsheet shortens long numbers");
    }
    let odd = trimmed.chars().find(|c| !c.is_ascii_digit()).unwrap_or_default();
    match odd {
        'O' | 'o' => say("has the letter O".to_owned()).because("the letter O typed for a zero"),
        'l' | 'I' => say(format!("has the letter {odd}")).because("a letter typed for the digit 1"),
        '#' => say("is what a failed formula leaves".to_owned()).because("a spreadsheet formula failed"),
        c if c.is_alphabetic() => say(format!("has the letter {c}")),
        ' ' => say("has a space".to_owned()),
        c => say(format!("has {}", visible(&format!("x{c}x")).trim_matches('x'))),
    }
}

fn mixed(shown: &str, context: &Context) -> Words {
    if context.both {
        return words(format!(
            "The row has a name (\"{shown}\") and a UUID. A file names all its users in one way; clear one of the two."
        ));
    }
    match context.kind {
        Some(IdentityKind::Uuid) => words(format!(
            "\"{shown}\" is a name in a file of UUIDs. A file names all its users in one way; put the user's UUID here."
        )),
        _ => words(format!(
            "\"{shown}\" is a UUID in a file of names. A file names all its users in one way; put the user's name here."
        )),
    }
}

fn not_uuid(trimmed: &str, shown: &str) -> Words {
    if let Err(kind) = identity::person_id(trimmed) {
        return words(format!(
            "Identity UUID \"{shown}\" is the id of something else ({}), not of a person. Put the person's UUID here.",
            visible(&kind.to_lowercase())
        ));
    }
    let advice = "Use the form 652d2f57-6e3b-4170-8bf9-4f1e98c88b56.";
    let digits = trimmed.bytes().filter(u8::is_ascii_hexdigit).count();
    let shaped = trimmed.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if shaped && digits != 32 {
        words(format!(
            "Identity UUID must have 32 hexadecimal digits; \"{shown}\" has {digits}. {advice}"
        ))
        .because("cut off while it was copied")
    } else {
        words(format!("Identity UUID \"{shown}\" is no UUID. {advice}"))
    }
}

fn normalised(trimmed: &str, shown: &str) -> Words {
    let Some((uuid, form)) = identity::parse_uuid(trimmed) else {
        return Words::default();
    };
    let how = match form {
        identity::Form::Braced => "stands in braces",
        identity::Form::WithoutDashes => "has no dashes",
        identity::Form::Urn => "is a URN",
        identity::Form::WebexId => "is the API's form of an id",
        identity::Form::Canonical => "is right",
    };
    let plain = uuid.to_string();
    words(format!(
        "Identity UUID \"{shown}\" {how}. It is read as \"{plain}\"."
    ))
    .fixed(Some(plain))
}

fn number_not_numeric(trimmed: &str, shown: &str) -> Words {
    let plain = plain_digits(trimmed).filter(|p| number::check(p.as_bytes()).code.is_none());
    let say = |what: &str| {
        words(format!(
            "Number \"{shown}\" {what}. Use digits with an optional leading +, or leave it blank."
        ))
    };
    if let Some(plain) = plain {
        return say("holds other characters than the digits 0 to 9")
            .because("copied with invisible characters, or typed in another script")
            .fixed(Some(plain));
    }
    if trimmed.starts_with('#') {
        return say("is what a failed formula leaves").because("a spreadsheet formula failed");
    }
    if !trimmed.chars().any(char::is_numeric) {
        return say("has no digits");
    }
    match trimmed.chars().find(|c| c.is_alphabetic()) {
        Some(c) => say(&format!("has the letter {c}")),
        None => say("has characters that are not digits"),
    }
}

fn unwrapped(heading: &str, trimmed: &str, shown: &str) -> Words {
    let kind = match heading {
        "Ext Key" => artifact::Kind::ExtKey,
        "Number" => artifact::Kind::Number,
        "Identity UUID" => artifact::Kind::Uuid,
        _ => artifact::Kind::Name,
    };
    let Some((inner, wrapper)) = artifact::unwrap(kind, trimmed) else {
        return Words::default();
    };
    let (what, cause) = match wrapper {
        artifact::Wrapper::Formula => (
            "is a formula around the value",
            "written as a formula so that a spreadsheet keeps it as text",
        ),
        artifact::Wrapper::Apostrophe => (
            "begins with an apostrophe",
            "an apostrophe makes a spreadsheet keep the value as text",
        ),
        artifact::Wrapper::Quotes => (
            "stands in quotes twice",
            "quotes were added to a value that was quoted when it was saved",
        ),
        artifact::Wrapper::Decimals => ("has decimals", "a spreadsheet took the value for an amount"),
        artifact::Wrapper::Thousands => (
            "has thousands separators",
            "a spreadsheet took the value for an amount",
        ),
    };
    let message = if inner.is_empty() {
        format!("{heading} \"{shown}\" {what}; inside it is blank.")
    } else {
        format!("{heading} \"{shown}\" {what}; \"{}\" was meant.", visible(&inner))
    };
    words(message).because(cause).fixed(Some(inner))
}

/// "2 spaces before and NBSP after it".
fn surroundings(value: &str, trimmed: &str) -> String {
    if trimmed.is_empty() {
        return format!("nothing but {}", names(value));
    }
    let lead = value.find(trimmed).unwrap_or_default();
    let tail = &value[lead + trimmed.len()..];
    match (lead > 0, !tail.is_empty()) {
        (true, true) => format!("{} before and {} after it", names(&value[..lead]), names(tail)),
        (true, false) => format!("{} before it", names(&value[..lead])),
        _ => format!("{} after it", names(tail)),
    }
}

fn names(blank: &str) -> String {
    if blank.bytes().all(|b| b == b' ') {
        return count(blank.len(), "space", "spaces");
    }
    let spaces = blank.chars().filter(|c| *c == ' ').count();
    let mut out: Vec<String> = Vec::new();
    if spaces > 0 {
        out.push(count(spaces, "space", "spaces"));
    }
    for segment in segments(blank) {
        if segment.kind == SegmentKind::Invisible && !out.contains(&segment.text) && out.len() < 4 {
            out.push(segment.text);
        }
    }
    out.join(", ")
}
