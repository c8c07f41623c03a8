//! Saving: the file with its edits, every other byte as it was.

use crate::{
    decode::{self, Encoding},
    document::Document,
    scan,
    text::str_of,
};

impl Document {
    /// The corrected file. Cells that were not edited, and lines between rows, keep their bytes; edited cells are
    /// written in the file's own encoding and stay quoted where they were. Where Windows-1252 cannot hold a new value
    /// (or would be taken for UTF-8 when read again) the whole file becomes UTF-8 with byte order mark, see
    /// [`Document::corrected_encoding`].
    pub fn corrected(&self, file: usize) -> Vec<u8> {
        self.write(file).map_or_else(
            || {
                self.files
                    .get(file)
                    .map(|f| f.original.to_vec())
                    .unwrap_or_default()
            },
            |(bytes, _)| bytes,
        )
    }

    /// Encoding of [`Document::corrected`]; none for a file that is no text.
    pub fn corrected_encoding(&self, file: usize) -> Option<Encoding> {
        self.write(file)
            .map(|(_, encoding)| encoding)
            .or_else(|| self.encoding(file))
    }

    fn write(&self, file: usize) -> Option<(Vec<u8>, Encoding)> {
        let file = self.files.get(file)?;
        let content = file.content.as_ref()?;
        let text = content.decoded.text.bytes();
        let mut edits = self.edited.range(file.rows.clone()).peekable();
        edits.peek()?;
        let mut out = Vec::with_capacity(text.len() + 256);
        let mut from = 0;
        for (_, edit) in edits {
            for cell in &edit.cells {
                match (cell.source, &cell.value) {
                    (Some(source), Some(value)) => {
                        out.extend_from_slice(&text[from..source.start as usize]);
                        // The ends of the lines before and after would become one where nothing stands between.
                        let parts = value.is_empty()
                            && out.ends_with(b"\r")
                            && text.get(source.end as usize) == Some(&b'\n');
                        scan::write_cell(&mut out, value, content.delimiter, parts || cell.was_quoted());
                        from = source.end as usize;
                    }
                    (Some(_), None) => {}
                    (None, value) => {
                        out.extend_from_slice(&text[from..edit.end as usize]);
                        from = edit.end as usize;
                        out.push(content.delimiter);
                        scan::write_cell(
                            &mut out,
                            value.as_deref().unwrap_or_default(),
                            content.delimiter,
                            false,
                        );
                    }
                }
            }
        }
        out.extend_from_slice(&text[from..]);
        Some(decode::encode(
            str_of(&out),
            content.decoded.encoding,
            content.decoded.bom,
        ))
    }
}
