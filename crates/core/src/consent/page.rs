//! The page a browser is left with after consent: self-contained, no script, nothing from elsewhere.

/// What the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub good: bool,
    pub title: String,
    pub text: String,
}

impl Page {
    pub(super) fn good(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            good: true,
            title: title.into(),
            text: text.into(),
        }
    }

    pub(super) fn bad(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            good: false,
            title: title.into(),
            text: text.into(),
        }
    }

    /// The whole document. The mark is a shape and the title a word, so that colour is not the only sign.
    pub(super) fn html(&self) -> String {
        let (class, mark) = if self.good {
            (
                "good",
                "<circle cx='8' cy='8' r='7'/><path d='M4.8 8.2l2.2 2.2 4.2-4.6'/>",
            )
        } else {
            (
                "bad",
                "<path d='M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z'/><path d='M8 4.4v4.4M8 11v.6'/>",
            )
        };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Patchbay</title>\
             <style>{STYLE}</style></head><body><main class=\"{class}\">\
             <svg viewBox=\"0 0 16 16\" width=\"32\" height=\"32\" aria-hidden=\"true\">{mark}</svg>\
             <h1>{title}</h1><p>{text}</p><p class=\"next\">You can close this page and go back to Patchbay.</p>\
             </main></body></html>\n",
            title = escape(&self.title),
            text = escape(&self.text),
        )
    }
}

/// Colours and sizes of the application's tokens.
const STYLE: &str = "\
:root{color-scheme:light dark;--canvas:#f4f5f6;--surface:#fff;--line:#e3e6e9;--text:#171c22;--text-2:#454e59;--ok:#1f8a4d;--bad:#c8372d}\
@media (prefers-color-scheme:dark){:root{--canvas:#0e1114;--surface:#15181c;--line:#272c32;--text:#e8ebee;--text-2:#b6bdc6;--ok:#48b878;--bad:#f2695d}}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--canvas);color:var(--text);font:15px/1.5 Inter,system-ui,sans-serif}\
main{max-width:420px;margin:24px;padding:32px;background:var(--surface);border:1px solid var(--line);border-radius:10px}\
svg{fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}\
.good svg{color:var(--ok)}.bad svg{color:var(--bad)}\
h1{font-size:22px;line-height:28px;font-weight:620;margin:16px 0 8px}p{margin:0 0 12px;overflow-wrap:anywhere}.next{color:var(--text-2);margin:0}";

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_text() {
        let html = Page::bad("Refused", "<script>alert('x')</script>&\"").html();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(&#39;x&#39;)"), "{html}");
        assert!(
            !html.contains("http://") && !html.contains("https://"),
            "nothing is fetched"
        );
    }
}
