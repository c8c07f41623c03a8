//! Lists: the paging styles of Webex as one stream of pages (webex-api reference, section 1.2).
//!
//! Invariants: a list that leads back to an earlier page, or never ends, ends with [`ErrorKind::Incomplete`], never quietly;
//! a page that repeats the one before is read once; a page that a gateway gave up on (502, 504) is asked for again with half the size; the token never follows a link to another host.

use std::collections::HashSet;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use crate::client::{Query, Webex};
use crate::clock::Clocks;
use crate::error::{Error, ErrorKind};
use crate::link::{next_address, next_link};
use crate::send::{Answer, Call, pause_after};

/// Pages one list may have. A list that goes on past this is taken for a loop.
pub const MOST_PAGES: u32 = 20_000;
/// Times one page is asked for again after a gateway gave up on it.
const SMALLER_ATTEMPTS: u32 = 8;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// From 1.
    pub number: u32,
    /// Ids that were asked for and are not known (`/people?id=`).
    pub not_found_ids: Vec<String>,
    /// Everything else the answer said beside its items (`count`, `totalResults`, …).
    pub beside: Map<String, Value>,
    pub tracking_id: Option<String>,
    /// When it was told; None where the answer did not say.
    pub clocks: Option<Clocks>,
}

/// A list as it comes in.
pub type Pages<T> = BoxStream<'static, Result<Page<T>, Error>>;

/// How a list goes on after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStyle {
    /// One answer holds everything.
    Single,
    /// `Link: <…>; rel="next"`, with a cursor or with `start`.
    Link,
    /// `offset` and `max`; a next link wins where one is sent.
    Offset,
    /// `startIndex` (from 1) and `count`, up to `totalResults`.
    Scim,
    /// `page` (from 0) and `pageSize`, up to `meta.totalPages` where it is sent.
    ContactCenter,
}

impl PageStyle {
    /// The parameters that may hold the size of a page.
    const SIZES: [&'static str; 4] = ["max", "limit", "count", "pageSize"];
}

impl Webex {
    /// Reads a list below the REST base. `key` is where the items stand (`items`, `phoneNumbers`, `users`, …).
    pub fn list<T>(&self, path: &[&str], query: &Query, style: PageStyle, key: &'static str) -> Pages<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.list_at(self.address(path, query), style, key)
    }

    /// Reads a list at an absolute address (identity, Contact Center).
    pub fn list_at<T>(&self, url: Url, style: PageStyle, key: &'static str) -> Pages<T>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let reader = Reader {
            webex: self.clone(),
            style,
            key,
            next: Some(url),
            number: 0,
            read: 0,
            visited: HashSet::new(),
            asked: None,
            last: Value::Null,
        };
        stream::try_unfold(reader, |mut reader| async move {
            Ok(reader.page().await?.map(|page| (page, reader)))
        })
        .boxed()
    }
}

/// Pages in a row that may repeat the one before.
const REPEATS: u32 = 3;

enum Read<T> {
    Page(Page<T>),
    /// The same as the page before.
    Again,
    End,
}

struct Reader {
    webex: Webex,
    style: PageStyle,
    key: &'static str,
    next: Option<Url>,
    number: u32,
    /// Items so far.
    read: usize,
    visited: HashSet<String>,
    /// The address of the page before.
    asked: Option<Url>,
    /// The items of the page before.
    last: Value,
}

impl Reader {
    async fn page<T: DeserializeOwned>(&mut self) -> Result<Option<Page<T>>, Error> {
        for _ in 0..REPEATS {
            match self.read_page().await? {
                Read::Page(page) => return Ok(Some(page)),
                Read::End => return Ok(None),
                // What follows may be new; a last page is repeated for ever.
                Read::Again => {}
            }
        }
        Ok(None)
    }

    async fn read_page<T: DeserializeOwned>(&mut self) -> Result<Read<T>, Error> {
        let Some(asked) = self.next.take() else {
            return Ok(Read::End);
        };
        if self.number >= MOST_PAGES {
            return Err(self.incomplete("it has too many pages"));
        }
        if self.asked.as_ref() == Some(&asked) {
            // A last page that names itself as the next one adds nothing.
            return Ok(Read::End);
        }
        if !self.visited.insert(asked.to_string()) {
            return Err(self.incomplete("its next link leads back to a page that was read already"));
        }
        self.asked = Some(asked.clone());
        let (url, answer) = self.fetch(asked).await?;
        let mut beside: Map<String, Value> = match answer.json::<Value>()? {
            Value::Object(object) => object,
            Value::Array(items) => Map::from_iter([(self.key.to_owned(), Value::Array(items))]),
            _ => return Err(answer.unexpected("a list was expected")),
        };
        let items = match beside.remove(self.key) {
            Some(Value::Array(items)) => Value::Array(items),
            Some(Value::Null) => Value::Array(Vec::new()),
            // SCIM leaves the list out when nothing was found.
            None if self.style == PageStyle::Scim => Value::Array(Vec::new()),
            _ => return Err(answer.unexpected(&format!("it has no list \"{}\"", self.key))),
        };
        let count = items.as_array().map_or(0, Vec::len);
        let link = next_link(&answer.headers);
        if count > 0 && items == self.last {
            self.next = self.following(&url, link.as_deref(), &beside, count)?;
            return Ok(Read::Again);
        }
        if count == 0 && self.number > 0 {
            return Ok(Read::End);
        }
        self.read += count;
        self.number += 1;
        self.next = if count == 0 {
            None
        } else {
            self.following(&url, link.as_deref(), &beside, count)?
        };
        self.last = items.clone();
        let items = match items {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let items = items
            .into_iter()
            .enumerate()
            .map(|(at, item)| {
                serde_json::from_value(item).map_err(|error| {
                    answer
                        .unexpected(&format!("entry {} of {}: {error}", at + 1, self.key))
                        .with_source(error)
                })
            })
            .collect::<Result<Vec<T>, Error>>()?;
        let not_found_ids = match beside.remove("notFoundIds") {
            Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        Ok(Read::Page(Page {
            items,
            number: self.number,
            not_found_ids,
            beside,
            clocks: answer.clocks(),
            tracking_id: answer.tracking_id,
        }))
    }

    /// The page, asked for with half the size each time a gateway gives up on it.
    async fn fetch(&self, mut url: Url) -> Result<(Url, Answer), Error> {
        let mut faults = 0;
        loop {
            let mut call = Call::new(Method::GET, url.clone());
            call.gateway_faults_at_once = true;
            let error = match self.webex.send(&call).await {
                Ok(answer) => return Ok((url, answer)),
                Err(error) => error,
            };
            faults += 1;
            if !matches!(error.status(), Some(502 | 504)) || faults > SMALLER_ATTEMPTS {
                return Err(error);
            }
            if let Some(smaller) = halved(&url) {
                url = smaller;
            }
            let asked = error.retry_after().unwrap_or(Duration::ZERO);
            tokio::time::sleep(pause_after(faults).max(asked)).await;
        }
    }

    fn following(
        &self,
        asked: &Url,
        link: Option<&str>,
        beside: &Map<String, Value>,
        count: usize,
    ) -> Result<Option<Url>, Error> {
        let number_in = |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_u64);
        match (self.style, link) {
            (PageStyle::Single, _) | (PageStyle::Link, None) => Ok(None),
            (PageStyle::Link | PageStyle::Offset, Some(link)) => next_address(asked, link).map(Some),
            (PageStyle::Offset, None) => {
                let size = size_of(asked).map_or(count, |(_, size)| size);
                Ok((count >= size).then(|| moved(asked, "offset", self.read)))
            }
            (PageStyle::Scim, _) => {
                let total = number_in(beside, "totalResults").and_then(|total| usize::try_from(total).ok());
                Ok(total
                    .filter(|total| self.read < *total)
                    .map(|_| moved(asked, "startIndex", self.read + 1)))
            }
            (PageStyle::ContactCenter, _) => {
                let page = parameter(asked, "page").unwrap_or(0);
                let meta = beside.get("meta").and_then(Value::as_object);
                let pages = meta
                    .and_then(|meta| number_in(meta, "totalPages"))
                    .and_then(|pages| usize::try_from(pages).ok());
                let more = match pages {
                    Some(pages) => page + 1 < pages,
                    None => size_of(asked).is_some_and(|(_, size)| count >= size),
                };
                Ok(more.then(|| moved(asked, "page", page + 1)))
            }
        }
    }

    fn incomplete(&self, why: &str) -> Error {
        let message = format!(
            "the list is incomplete after {} entries on {} pages: {why}",
            self.read, self.number
        );
        Error::new(ErrorKind::Incomplete, message)
    }
}

fn parameter(url: &Url, name: &str) -> Option<usize> {
    url.query_pairs().find(|(key, _)| key == name)?.1.parse().ok()
}

fn size_of(url: &Url) -> Option<(&'static str, usize)> {
    PageStyle::SIZES
        .into_iter()
        .find_map(|name| Some((name, parameter(url, name)?)))
}

/// The same address with one parameter set.
fn moved(url: &Url, name: &str, value: usize) -> Url {
    let mut moved = url.clone();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    moved
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair(name, &value.to_string());
    moved
}

/// Half the page size; none when the size is not named, is 1, or pages are counted (then a page would move).
fn halved(url: &Url) -> Option<Url> {
    let (name, size) = size_of(url)?;
    (size > 1 && name != "pageSize").then(|| moved(url, name, size / 2))
}
