//! Many short texts in one piece of memory.

/// Texts by position.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(end(self.bytes.len()));
    }

    pub(super) fn insert(&mut self, at: usize, text: &str) {
        let start = self.start(at);
        self.bytes.insert_str(start, text);
        for later in &mut self.ends[at..] {
            *later = later.saturating_add(end(text.len()));
        }
        self.ends.insert(at, end(start + text.len()));
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }

    pub(super) fn get(&self, at: usize) -> &str {
        &self.bytes[self.start(at)..self.ends[at] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Which texts contain `needle`, in order. No text may contain a line feed unless it ends with one, and `needle` none.
    pub(super) fn containing(&self, needle: &str, mut found: impl FnMut(usize)) {
        let (bytes, finder) = (self.bytes.as_bytes(), memchr::memmem::Finder::new(needle));
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = finder.find(&bytes[from..]) {
            let hit = from + hit;
            while self.ends[at] as usize <= hit {
                at += 1;
            }
            found(at);
            from = self.ends[at] as usize;
            at += 1;
        }
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }
}

/// Four gigabytes of text would be a hundred million users.
fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
