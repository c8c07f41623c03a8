//! The eight shapes of a Webex error body (webex-api reference, section 1.4) read into one.
//!
//! Nothing is judged here: codes are kept as text in the order in which the body names them, the innermost first.

use serde_json::{Map, Value};

use super::ErrorDetail;

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub message: Option<String>,
    pub codes: Vec<ErrorDetail>,
    pub tracking_id: Option<String>,
}

/// Never fails: an unreadable body (shape H) gives an empty result.
pub(crate) fn parse(body: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(object)) => object_body(&object, &mut parsed),
        Ok(Value::Array(entries)) => {
            for entry in entries.iter().filter_map(Value::as_object) {
                object_body(entry, &mut parsed);
            }
        }
        Ok(Value::String(text)) => parsed.message = non_empty(&text),
        _ => {}
    }
    if parsed.message.is_none() {
        parsed.message = parsed
            .codes
            .iter()
            .map(|detail| &detail.description)
            .find_map(|text| non_empty(text));
    }
    hidden_codes(&mut parsed);
    parsed
}

fn object_body(object: &Map<String, Value>, parsed: &mut Parsed) {
    let own_message = text_of(
        object,
        &[
            "message",
            "detail",
            "errorMessage",
            "errorTitle",
            "error_description",
        ],
    );
    let own_code = code_of(object, &["errorCode", "code", "scimType"]);

    for key in ["errors", "error"] {
        match object.get(key) {
            Some(Value::Array(entries)) => entries.iter().for_each(|entry| fault(entry, parsed)),
            Some(entry @ Value::Object(_)) => fault(entry, parsed),
            // Shape G: the error is the code.
            Some(Value::String(code)) if key == "error" => parsed.codes.push(ErrorDetail {
                code: non_empty(code),
                description: own_message.clone().unwrap_or_else(|| code.clone()),
                subject: None,
            }),
            Some(Value::String(text)) => {
                parsed.codes.push(ErrorDetail {
                    description: text.clone(),
                    ..ErrorDetail::default()
                });
            }
            _ => {}
        }
    }
    // Shape D carries its texts one level down, under `message[]`.
    if let Some(Value::Array(entries)) = object.get("message") {
        entries.iter().for_each(|entry| fault(entry, parsed));
    }
    if let Some(code) = own_code
        && !parsed
            .codes
            .iter()
            .any(|detail| detail.code.as_deref() == Some(code.as_str()))
    {
        parsed.codes.push(ErrorDetail {
            code: Some(code),
            description: own_message.clone().unwrap_or_default(),
            subject: None,
        });
    }
    if parsed.message.is_none() {
        // A message that only says that something failed is less than the reason beside it.
        parsed.message = own_message;
    }
    if parsed.tracking_id.is_none() {
        parsed.tracking_id = text_of(object, &["trackingId", "trackingID", "tracking_id"]);
    }
}

/// One entry of `errors[]` or `error[]`.
fn fault(entry: &Value, parsed: &mut Parsed) {
    let object = match entry {
        Value::String(text) => {
            parsed.codes.push(ErrorDetail {
                description: text.clone(),
                ..ErrorDetail::default()
            });
            return;
        }
        Value::Object(object) => object,
        _ => return,
    };
    let before = parsed.codes.len();
    for key in ["message", "errors"] {
        if let Some(Value::Array(inner)) = object.get(key) {
            inner.iter().for_each(|entry| fault(entry, parsed));
        }
    }
    if let Some(Value::Object(inner)) = object.get("error") {
        fault(&Value::Object(inner.clone()), parsed);
    }
    if parsed.codes.len() > before {
        return;
    }
    let code = code_of(object, &["errorCode", "code", "key"]);
    let description = text_of(
        object,
        &[
            "description",
            "errorMessage",
            "message",
            "reason",
            "errorTitle",
            "detail",
        ],
    );
    if code.is_some() || description.is_some() {
        parsed.codes.push(ErrorDetail {
            code,
            description: description.unwrap_or_default(),
            subject: text_of(object, &["number", "phoneNumber", "extension", "item"]),
        });
    }
}

/// Codes that only stand in a text: `[Error 4250] …`, `errorCode = '25046'`, `ERR.V.TRM.PSP61001 "…"`.
fn hidden_codes(parsed: &mut Parsed) {
    for detail in &mut parsed.codes {
        // A code that only repeats the HTTP status gives way to the one that the text names.
        let repeats_status = detail
            .code
            .as_deref()
            .is_none_or(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()));
        if repeats_status && let Some(code) = code_in(&detail.description) {
            detail.code = Some(code);
        }
    }
    if parsed.codes.iter().all(|detail| detail.code.is_none())
        && let Some(message) = &parsed.message
        && let Some(code) = code_in(message)
    {
        let found = ErrorDetail {
            code: Some(code),
            description: message.clone(),
            subject: None,
        };
        parsed.codes.insert(0, found);
    }
}

fn code_in(text: &str) -> Option<String> {
    for opener in ["[Error ", "errorCode = ", "errorCode="] {
        if let Some((_, after)) = text.split_once(opener) {
            let code: String = after
                .trim_start_matches(['\'', '"', ' '])
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
                .collect();
            if code.bytes().any(|byte| byte.is_ascii_digit()) {
                return Some(code);
            }
        }
    }
    let start = text.find("ERR.")?;
    let code: String = text
        .get(start..)?
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
        .collect();
    Some(code.trim_end_matches('.').to_owned())
}

fn text_of(object: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter()
        .find_map(|key| object.get(*key)?.as_str().and_then(non_empty))
}

fn code_of(object: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match object.get(*key)? {
        Value::String(text) => non_empty(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(body: &str) -> Vec<(Option<String>, String)> {
        parse(body.as_bytes())
            .codes
            .into_iter()
            .map(|detail| (detail.code, detail.description))
            .collect()
    }

    fn one(code: &str, text: &str) -> Vec<(Option<String>, String)> {
        vec![(Some(code.to_owned()), text.to_owned())]
    }

    #[test]
    fn shape_a_the_usual() {
        let body = r#"{"message":"no","errors":[{"description":"Both licences.","errorCode":400404}],"trackingId":"NA_1"}"#;
        assert_eq!(codes(body), one("400404", "Both licences."));
        let parsed = parse(body.as_bytes());
        assert_eq!(
            (parsed.message.as_deref(), parsed.tracking_id.as_deref()),
            (Some("no"), Some("NA_1"))
        );
    }

    #[test]
    fn shape_b_a_code_on_top_too() {
        let body = r#"{"errorCode":400,"message":"license assignment for user failed","errors":[{"errorCode":"400411","description":"Cannot be blank."}]}"#;
        assert_eq!(codes(body)[0], one("400411", "Cannot be blank.")[0]);
        assert_eq!(codes(body).len(), 2);
    }

    #[test]
    fn shape_c_no_list() {
        let body = r#"{"errorCode":25008,"message":"Missing Mandatory field name:  x","trackingId":"T"}"#;
        assert_eq!(codes(body), one("25008", "Missing Mandatory field name:  x"));
    }

    #[test]
    fn shape_d_list_or_object() {
        let list = r#"{"error":[{"key":"409","message":[{"description":"Running.","code":"BATCH-1001004"}]}],"trackingId":"T"}"#;
        assert_eq!(codes(list), one("BATCH-1001004", "Running."));
        let object = r#"{"error":{"key":"404","reason":"No such user","message":[]},"trackingId":"T"}"#;
        assert_eq!(codes(object), one("404", "No such user"));
        assert_eq!(parse(object.as_bytes()).message.as_deref(), Some("No such user"));
    }

    #[test]
    fn shape_e_a_bare_array() {
        let body = r#"[{"errors":[{"number":"+15","errorType":"x","errorCode":"ERR.V.TRM.TMN60004","errorMessage":"Not here","errorTitle":"T"}]}]"#;
        let parsed = parse(body.as_bytes());
        assert_eq!(parsed.codes[0].code.as_deref(), Some("ERR.V.TRM.TMN60004"));
        assert_eq!(parsed.codes[0].subject.as_deref(), Some("+15"));
        assert_eq!(parsed.message.as_deref(), Some("Not here"));
    }

    #[test]
    fn shapes_f_and_g() {
        let scim = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","detail":"Taken","scimType":"uniqueness"}"#;
        assert_eq!(codes(scim), one("uniqueness", "Taken"));
        let token =
            r#"{"error":"invalid_grant","error_description":"The refresh token provided is expired"}"#;
        assert_eq!(
            codes(token),
            one("invalid_grant", "The refresh token provided is expired")
        );
    }

    #[test]
    fn shape_h_is_nothing() {
        assert_eq!(parse(b"<html>502 Bad Gateway</html>"), Parsed::default());
        assert_eq!(parse(b""), Parsed::default());
        assert_eq!(parse(b"\xff\xfe"), Parsed::default());
    }

    #[test]
    fn codes_hide_in_texts() {
        for (text, code) in [
            ("[Error 4250] Number(s) not added", "4250"),
            ("failed: errorCode = '25046', error = 'bad language'", "25046"),
            (
                "ERR.V.TRM.PSP61001 \\\"Order creation failed on PSTN provider\\\"",
                "ERR.V.TRM.PSP61001",
            ),
        ] {
            let body = format!(r#"{{"message":"{text}","trackingId":"T"}}"#);
            assert_eq!(codes(&body)[0].0.as_deref(), Some(code), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&body);
        }
    }
}
