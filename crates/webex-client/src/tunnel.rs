//! The question for a way through a proxy (`CONNECT`, RFC 9110, section 9.3.6), asked only to hear why it is refused.

use http::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// More of an answer's first line is not shown.
const LONGEST: usize = 120;

/// Status and words of the answer to `CONNECT target`, such as "403 Forbidden". None where the answer cannot be read, or is
/// no refusal after all.
pub(crate) async fn ask(
    mut stream: TcpStream,
    target: &str,
    authorisation: Option<&HeaderValue>,
) -> Option<String> {
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(value) = authorisation {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.ok()?;
    let mut answer = Vec::new();
    let mut buffer = [0; 512];
    while answer.len() < 8 * 1024 && !answer.contains(&b'\n') {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(length) => answer.extend_from_slice(&buffer[..length]),
        }
    }
    said(&answer)
}

fn said(answer: &[u8]) -> Option<String> {
    let line = answer.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let words = line.strip_prefix("HTTP/")?.split_once(' ')?.1.trim();
    let refused = words.split(' ').next()?.parse::<u16>().ok()? >= 300;
    refused.then(|| words.chars().filter(|c| !c.is_control()).take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn the_first_line_is_what_the_proxy_says() {
        assert_eq!(
            said(b"HTTP/1.1 403 Forbidden\r\nA: b\r\n"),
            Some("403 Forbidden".to_owned())
        );
        assert_eq!(said(b"HTTP/1.0 503"), Some("503".to_owned()));
        assert_eq!(said(b"HTTP/1.1 200 Connection established\r\n"), None);
        assert_eq!(said(b"SSH-2.0-x"), None);
        assert_eq!(said(b""), None);
    }
}
