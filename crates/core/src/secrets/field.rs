//! The names under which secrets of an organisation are sealed. They are part of the associated data: a renamed field does
//! not open.

/// What calls to Webex carry.
pub const ACCESS_TOKEN: &str = "access_token";
/// What the access token is renewed with.
pub const REFRESH_TOKEN: &str = "refresh_token";
/// What Webex gave in the place of a service app's refresh token that did not lead to a connection yet.
pub const SERVICE_APP_TOKEN: &str = "service_app_token";
/// The secret of the customer's own integration.
pub const CLIENT_SECRET: &str = "client_secret";
/// The proxy for `http://` addresses, with user and password.
pub const HTTP_PROXY: &str = "http_proxy";
/// The proxy for `https://` addresses, with user and password.
pub const HTTPS_PROXY: &str = "https_proxy";
