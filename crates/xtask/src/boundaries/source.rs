//! A source file, with comments and string literals blanked out so that only code is judged.

use super::Violation;
use crate::chore::{Problem, root};
use std::path::{Path, PathBuf};

/// One file.
#[derive(Debug)]
pub struct Source {
    /// From the repository's root.
    pub file: PathBuf,
    /// From the folder that was searched.
    pub inner: PathBuf,
    pub text: String,
    /// The text, line for line, without comments and string literals.
    pub code: String,
}

impl Source {
    /// All files below `folder` whose name ends with one of `extensions`, in order of their paths.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn all(folder: &Path, extensions: &[&str]) -> Result<Vec<Self>, Problem> {
        let mut sources = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            if !next.exists() {
                continue;
            }
            for entry in std::fs::read_dir(&next)? {
                let path = entry?.path();
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                if path.is_dir() {
                    if !["node_modules", "target", "dist", "output"].contains(&name.as_str()) {
                        folders.push(path);
                    }
                } else if path
                    .extension()
                    .is_some_and(|ending| extensions.iter().any(|wanted| ending == *wanted))
                {
                    let text = std::fs::read_to_string(&path).map_err(|error| {
                        Problem::new(format!("{} cannot be read: {error}", path.display()))
                    })?;
                    let code = blanked(&text);
                    let below = |base: &Path| path.strip_prefix(base).unwrap_or(&path).to_path_buf();
                    sources.push(Self {
                        file: below(&root()),
                        inner: below(folder),
                        text,
                        code,
                    });
                }
            }
        }
        sources.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(sources)
    }

    pub fn violation(&self, line: usize, what: impl Into<String>) -> Violation {
        Violation {
            file: self.file.clone(),
            line,
            what: what.into(),
        }
    }

    /// Where any of `names` stands in the code.
    pub fn occurrences(
        &self,
        names: &[&str],
        what: impl Fn(&str) -> String,
    ) -> impl Iterator<Item = Violation> {
        places(&self.code, names)
            .map(|(line, name)| self.violation(line, what(&name)))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Where any of `names` stands in the text, string literals included: line and name.
    pub fn raw_occurrences(&self, names: &[&str]) -> impl Iterator<Item = (usize, String)> {
        places(&self.text, names)
    }

    /// Line, from 1, of a byte of the code.
    pub fn line_at(&self, offset: usize) -> usize {
        self.code.as_bytes()[..offset]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1
    }
}

fn places(text: &str, names: &[&str]) -> impl Iterator<Item = (usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for name in names {
            let stands = line.match_indices(name).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            if stands {
                found.push((index + 1, (*name).to_owned()));
            }
        }
    }
    found.into_iter()
}

/// Comments and the inside of string and character literals become blanks; line ends stay.
fn blanked(text: &str) -> String {
    let mut code = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    let blank = |from: &[u8], code: &mut Vec<u8>| {
        code.extend(from.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
    };
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = if rest.starts_with(b"//") {
            rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest, at.checked_sub(1).map(|before| bytes[before])) {
            length
        } else if rest[0] == b'"' {
            quoted(rest)
        } else if let Some(length) = character(rest) {
            length
        } else {
            code.push(rest[0]);
            at += 1;
            continue;
        };
        blank(&rest[..length], &mut code);
        at += length;
    }
    // Only whole characters were blanked, so this is text.
    String::from_utf8_lossy(&code).into_owned()
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn raw_string(rest: &[u8], before: Option<u8>) -> Option<usize> {
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() && byte != b'b' && byte != b'c' || byte == b'_')
    {
        return None;
    }
    let hashes = rest
        .strip_prefix(b"r")?
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let end: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let inside = 2 + hashes;
    let length = rest[inside..].windows(end.len()).position(|window| window == end);
    Some(length.map_or(rest.len(), |length| inside + length + end.len()))
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character literal; a lifetime is none.
fn character(rest: &[u8]) -> Option<usize> {
    let inside = rest.strip_prefix(b"'")?;
    if inside.first() == Some(&b'\\') {
        return inside
            .iter()
            .skip(2)
            .position(|byte| *byte == b'\'')
            .map(|end| end + 4);
    }
    let text = std::str::from_utf8(&inside[..inside.len().min(5)]);
    let valid = match &text {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&inside[..error.valid_up_to()]).unwrap_or_default(),
    };
    let width = valid.chars().next()?.len_utf8();
    (inside.get(width) == Some(&b'\'')).then_some(width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_left() {
        let text = "a // crate::x\nb /* c /* d */ e */ f \"crate::y \\\" z\" 'q' '\\'' r#\"w \" v\"# <'l> 'ü' bar\"g\"";
        let code = blanked(text);
        assert_eq!(
            code.split_whitespace().collect::<Vec<_>>(),
            ["a", "b", "f", "<'l>", "bar"]
        );
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn names_stand_only_as_words() {
        let found: Vec<_> = places("my_query!()\nquery!()", &["query!"]).collect();
        assert_eq!(found, [(2, "query!".to_owned())]);
    }
}
