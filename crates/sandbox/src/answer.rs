//! What the sandbox sends back, with the error shapes of the Webex APIs.
//!
//! Invariant: an error body that carries a tracking id gets it in one place, when the answer leaves
//! ([`Answer::into_response`]), and it is the id of the `Trackingid` header. Reference: section 1.4.

use axum::body::Body as HttpBody;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::ids::IdProblem;

/// The content of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// No content.
    Empty,
    /// A JSON value.
    Json(Value),
    /// An HTML page.
    Html(String),
    /// Anything else, with its content type.
    Text(String, &'static str),
}

/// An answer before it becomes HTTP.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Content.
    pub body: Body,
    /// Additional headers.
    pub headers: Vec<(&'static str, String)>,
    tracked: bool,
}

/// A handler's result: either way an answer, so that `?` ends a request.
pub type Reply = Result<Answer, Box<Answer>>;

impl Answer {
    fn new(status: u16, body: Body) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
            tracked: false,
        }
    }

    /// 200 with JSON.
    #[must_use]
    pub fn ok(value: Value) -> Self {
        Self::json(200, value)
    }

    /// Any status with JSON that carries no tracking id.
    #[must_use]
    pub fn json(status: u16, value: Value) -> Self {
        Self::new(status, Body::Json(value))
    }

    /// Any status without content.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::new(status, Body::Empty)
    }

    /// An HTML page.
    #[must_use]
    pub fn html(status: u16, page: String) -> Self {
        Self::new(status, Body::Html(page))
    }

    /// Text of a given content type.
    #[must_use]
    pub fn text(status: u16, text: String, content_type: &'static str) -> Self {
        Self::new(status, Body::Text(text, content_type))
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(location: String) -> Self {
        Self::empty(302).with("location", location)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Shape A, the usual one: `message`, `errors[{description, errorCode?}]`, `trackingId`.
    #[must_use]
    pub fn error(status: u16, message: &str) -> Box<Self> {
        Self::error_with(status, message, None, message)
    }

    /// Shape A with a code and a description of its own.
    #[must_use]
    pub fn error_with(status: u16, message: &str, code: Option<u32>, description: &str) -> Box<Self> {
        let mut error = json!({ "description": description });
        if let Some(code) = code {
            error["errorCode"] = code.into();
        }
        Box::new(Self {
            tracked: true,
            ..Self::json(status, json!({ "message": message, "errors": [error] }))
        })
    }

    /// Shape B: a code at the top as well.
    #[must_use]
    pub fn coded_error(status: u16, message: &str, code: u32, description: &str) -> Box<Self> {
        let body = json!({ "errorCode": status, "message": message, "errors": [{ "errorCode": code, "description": description }] });
        Box::new(Self {
            tracked: true,
            ..Self::json(status, body)
        })
    }

    /// Shape C: telephony, no `errors`.
    #[must_use]
    pub fn telephony_error(status: u16, code: u32, message: &str) -> Box<Self> {
        Box::new(Self {
            tracked: true,
            ..Self::json(status, json!({ "errorCode": code, "message": message }))
        })
    }

    /// Shape D as jobs have it: `error` is a list.
    #[must_use]
    pub fn job_error(status: u16, code: &str, description: &str) -> Box<Self> {
        let body = json!({ "error": [{
            "key": status.to_string(), "message": [{ "description": description, "code": code }],
        }] });
        Box::new(Self {
            tracked: true,
            ..Self::json(status, body)
        })
    }

    /// Shape D as the contact center has it: `error` is an object.
    #[must_use]
    pub fn contact_center_error(status: u16, reason: &str, description: &str) -> Box<Self> {
        let body = json!({ "error": {
            "key": status.to_string(), "reason": reason,
            "message": [{ "code": status.to_string(), "description": description }],
        } });
        Box::new(Self {
            tracked: true,
            ..Self::json(status, body)
        })
    }

    /// Shape F: SCIM.
    #[must_use]
    pub fn scim_error(status: u16, detail: &str, kind: Option<&str>) -> Box<Self> {
        let mut body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status.to_string(), "detail": detail });
        if let Some(kind) = kind {
            body["scimType"] = kind.into();
        }
        Box::new(Self::json(status, body))
    }

    /// Shape G: the token endpoint.
    #[must_use]
    pub fn oauth_error(status: u16, error: &str, description: &str) -> Box<Self> {
        Box::new(Self::json(
            status,
            json!({ "error": error, "error_description": description }),
        ))
    }

    /// 400 for an identifier that cannot be used.
    #[must_use]
    pub fn id_problem(problem: IdProblem) -> Box<Self> {
        match problem {
            IdProblem::WrongKind => Self::error(400, "Wrong type of Webex ID provided"),
            IdProblem::Malformed => Self::error(
                400,
                "The request could not be understood by the server due to malformed syntax.",
            ),
        }
    }

    /// The ordinary 404.
    #[must_use]
    pub fn not_found() -> Box<Self> {
        Self::error(404, "The requested resource could not be found.")
    }

    /// The ordinary 405.
    #[must_use]
    pub fn method_not_allowed() -> Box<Self> {
        Self::error(405, "Method Not Allowed")
    }

    /// The ordinary 403.
    #[must_use]
    pub fn forbidden() -> Box<Self> {
        Self::error(403, "Access to the resource is forbidden.")
    }

    /// Turns the answer into HTTP. `tracking` is the value of the header, `tracking_id` the one for a body.
    #[must_use]
    pub fn into_response(self, tracking: &str, tracking_id: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::SERVER, HeaderValue::from_static(crate::SERVER));
        if let Ok(value) = HeaderValue::from_str(tracking) {
            headers.insert("trackingid", value);
        }
        let (content_type, bytes) = match self.body {
            Body::Empty => (None, Vec::new()),
            Body::Json(mut value) => {
                if let (true, Some(object)) = (self.tracked, value.as_object_mut()) {
                    object.insert("trackingId".to_owned(), tracking_id.into());
                }
                (Some("application/json"), value.to_string().into_bytes())
            }
            Body::Html(page) => (Some("text/html; charset=utf-8"), page.into_bytes()),
            Body::Text(text, content_type) => (Some(content_type), text.into_bytes()),
        };
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        let mut response = Response::new(HttpBody::from(bytes));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        response
    }
}
