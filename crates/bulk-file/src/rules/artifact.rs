//! What spreadsheets and their work-arounds put around a value: `="101"`, `'+65…`, `101.0`, `6,512,345,678`.

/// The column a value stands in; names keep more of what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ExtKey,
    Name,
    Uuid,
    Number,
}

/// What was around the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    Formula,
    Apostrophe,
    Quotes,
    Decimals,
    Thousands,
}

/// The value inside, all layers off, and the outermost layer.
pub(crate) fn unwrap(kind: Kind, value: &str) -> Option<(String, Wrapper)> {
    let (mut inner, outer) = layer(kind, value)?;
    while let Some((deeper, _)) = layer(kind, &inner) {
        inner = deeper;
    }
    Some((inner, outer))
}

fn layer(kind: Kind, value: &str) -> Option<(String, Wrapper)> {
    let decimal = value.bytes().any(|b| matches!(b, b'.' | b','));
    if !value.starts_with(['=', '\'', '"', '\u{2018}', '\u{2019}']) && !decimal {
        return None;
    }
    let found = |inner: &str, wrapper| Some((crate::text::trim(inner).to_owned(), wrapper));
    if let Some(rest) = value.strip_prefix('=') {
        let rest = rest.trim_start_matches(' ');
        if let Some(inner) = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"')) {
            return found(&inner.replace("\"\"", "\""), Wrapper::Formula);
        }
        let bare = match kind {
            Kind::Name => false,
            Kind::Uuid => super::identity::parse_uuid(rest).is_some(),
            Kind::ExtKey | Kind::Number => is_digits(rest.strip_prefix('+').unwrap_or(rest)),
        };
        return if bare { found(rest, Wrapper::Formula) } else { None };
    }
    if let Some(rest) = value.strip_prefix(['\'', '\u{2018}', '\u{2019}']) {
        let escaped = match kind {
            Kind::Name => value.starts_with('\'') && rest.starts_with(['=', '+', '-', '@']),
            _ => !crate::text::trim(rest).is_empty(),
        };
        let inner = if kind == Kind::Name {
            rest
        } else {
            rest.strip_suffix(['\'', '\u{2019}']).unwrap_or(rest)
        };
        return if escaped && !inner.is_empty() {
            found(inner, Wrapper::Apostrophe)
        } else {
            None
        };
    }
    if kind == Kind::Name {
        return None;
    }
    if let Some(inner) = value.strip_prefix('"').and_then(|r| r.strip_suffix('"')) {
        return found(inner, Wrapper::Quotes);
    }
    if kind == Kind::Uuid {
        return None;
    }
    for zeros in [".0", ".00", ",0", ",00"] {
        if let Some(whole) = value.strip_suffix(zeros)
            && is_digits(whole.strip_prefix('+').unwrap_or(whole))
        {
            return found(whole, Wrapper::Decimals);
        }
    }
    if kind == Kind::Number && is_grouped(value.strip_prefix('+').unwrap_or(value)) {
        return found(&value.replace(',', ""), Wrapper::Thousands);
    }
    None
}

fn is_digits(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
}

/// `6,512,345,678`: groups of three after the first, at least two commas.
fn is_grouped(value: &str) -> bool {
    let mut groups = value.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    (1..=3).contains(&first.len())
        && is_digits(first)
        && rest.len() >= 2
        && rest.iter().all(|g| g.len() == 3 && is_digits(g))
}
