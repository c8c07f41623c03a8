//! The `Link` header and the quirks of Webex's next links (webex-api reference, section 1.2).

use http::{HeaderMap, header};
use url::Url;

use crate::endpoints::is_loopback;
use crate::error::{Error, ErrorKind};

/// Parameters that say where a page stands: those of the next link win.
const POSITION: [&str; 8] = [
    "start",
    "startIndex",
    "offset",
    "cursor",
    "page",
    "next",
    "after",
    "pageToken",
];

/// The target of `rel="next"`, as it came. Several links in one header and several headers are read.
pub(crate) fn next_link(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::LINK)
        .iter()
        .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
        .find_map(next_in)
}

fn next_in(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        let (mut parameters, following) = split_outside_quotes(after, ',');
        while !parameters.is_empty() {
            let (parameter, others) = split_outside_quotes(parameters, ';');
            if is_next(parameter) {
                return Some(target.trim().to_owned());
            }
            parameters = others.strip_prefix(';').unwrap_or(others);
        }
        rest = following;
    }
    None
}

/// Up to the first `separator` that is not quoted, and from there on.
fn split_outside_quotes(text: &str, separator: char) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if c == separator && !quoted => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    name.trim().eq_ignore_ascii_case("rel")
        && value
            .trim()
            .trim_matches('"')
            .split_ascii_whitespace()
            .any(|rel| rel.eq_ignore_ascii_case("next"))
}

/// Where to go on: the next link, put on the base of the request, without `null` values, with the filters it lost.
///
/// A link to another host is refused, as the token would travel there. The same host with another port or scheme, or
/// this computer under another name, is a gateway in front of Webex: only path and query are taken.
pub(crate) fn next_address(asked: &Url, link: &str) -> Result<Url, Error> {
    let target = asked.join(link).map_err(|error| {
        Error::new(
            ErrorKind::UnexpectedAnswer,
            "the link to the next page is not an address",
        )
        .with_source(error)
    })?;
    let same_host = match (asked.host_str(), target.host_str()) {
        (Some(a), Some(b)) => a
            .trim_end_matches('.')
            .eq_ignore_ascii_case(b.trim_end_matches('.')),
        _ => false,
    };
    let both_here = is_loopback(asked) && is_loopback(&target);
    if !same_host && !both_here {
        let host = target.host_str().unwrap_or("nowhere");
        let message =
            format!("the link to the next page points to another host ({host}) and was not followed");
        return Err(Error::new(ErrorKind::ForeignLink, message));
    }
    let mut next = asked.clone();
    let same_resource =
        target.path() == asked.path() || last_segments(target.path()) == last_segments(asked.path());
    if !same_resource {
        next.set_path(target.path());
    }
    let before: Vec<(String, String)> = owned_pairs(asked);
    let mut pairs: Vec<(String, String)> = owned_pairs(&target)
        .into_iter()
        .filter(|(name, value)| value != "null" || before.contains(&(name.clone(), value.clone())))
        .collect();
    let lost: Vec<(String, String)> = before
        .into_iter()
        .filter(|(name, _)| !POSITION.contains(&name.as_str()))
        .filter(|(name, _)| !pairs.iter().any(|(present, _)| present == name))
        .collect();
    pairs.extend(lost);
    next.set_query(None);
    if !pairs.is_empty() {
        next.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(next)
}

/// What follows the version segment: a gateway may have put another prefix before it.
fn last_segments(path: &str) -> &str {
    path.split_once("/v1/")
        .map_or(path, |(_, rest)| rest)
        .trim_end_matches('/')
}

fn owned_pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn headers(links: &[&str]) -> HeaderMap {
        links
            .iter()
            .map(|link| (header::LINK, HeaderValue::from_str(link).unwrap()))
            .collect()
    }

    fn next(asked: &str, link: &str) -> Result<String, ErrorKind> {
        next_address(&Url::parse(asked).unwrap(), link)
            .map(|url| url.to_string())
            .map_err(|error| error.kind().clone())
    }

    #[test]
    fn next_is_found_among_others() {
        for links in [
            &[r#"<https://x/v1/people?cursor=b>; rel="next""#][..],
            &[r#"<https://x/1?a=1,2>; rel="first", <https://x/v1/people?cursor=b>; rel="next""#],
            &[
                r#"<https://x/1>; title="a, <b>; rel=next"; rel=prev"#,
                "<https://x/v1/people?cursor=b>;REL=next",
            ],
            &[r#"<https://x/v1/people?cursor=b>; foo; rel="last next""#],
        ] {
            assert_eq!(
                next_link(&headers(links)).as_deref(),
                Some("https://x/v1/people?cursor=b"),
                "{links:?}"
            );
        }
        for link in [
            "",
            "<https://x/1>; rel=\"first\"",
            "https://x; rel=next",
            "<https://x; rel=next",
        ] {
            assert_eq!(next_link(&headers(&[link])), None, "{link}");
        }
    }

    #[test]
    fn null_goes_and_lost_filters_come_back() {
        assert_eq!(
            next(
                "https://w.example/v1/people?callingData=true&max=100&status=a&status=b",
                "https://w.example/v1/people?cursor=zz&max=null"
            ),
            Ok("https://w.example/v1/people?cursor=zz&callingData=true&max=100&status=a&status=b".into())
        );
        assert_eq!(
            next(
                "https://w.example/v1/n?start=0&max=2&displayName=null",
                "/v1/n?start=2&max=2&displayName=null"
            ),
            Ok("https://w.example/v1/n?start=2&max=2&displayName=null".into())
        );
    }

    #[test]
    fn hosts_are_judged() {
        let asked = "https://w.example/v1/people?max=1";
        assert_eq!(
            next(asked, "https://evil.example/v1/people?cursor=b"),
            Err(ErrorKind::ForeignLink)
        );
        assert_eq!(
            next(asked, "https://w.example.evil.example/v1/people"),
            Err(ErrorKind::ForeignLink)
        );
        assert_eq!(next(asked, "data:text/plain,x"), Err(ErrorKind::ForeignLink));
        assert_eq!(
            next(asked, "http://W.example:81/v1/people?cursor=b"),
            Ok("https://w.example/v1/people?cursor=b&max=1".into())
        );
        assert_eq!(
            next(
                "http://127.0.0.1:4011/v1/people",
                "http://localhost:4010/v1/people?cursor=b"
            ),
            Ok("http://127.0.0.1:4011/v1/people?cursor=b".into())
        );
        assert_eq!(
            next(
                "http://127.0.0.1:4011/gate/v1/people",
                "http://127.0.0.1:4010/v1/people?cursor=b"
            ),
            Ok("http://127.0.0.1:4011/gate/v1/people?cursor=b".into())
        );
    }

    proptest! {
        #[test]
        fn a_followed_link_never_leaves_the_host(link in "\\PC{0,60}") {
            let asked = Url::parse("https://w.example/v1/people?max=1").unwrap();
            if let Ok(next) = next_address(&asked, &link) {
                prop_assert_eq!(next.origin(), asked.origin());
            }
            let _ = next_in(&link);
        }
    }
}
