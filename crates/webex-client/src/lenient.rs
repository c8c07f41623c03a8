//! Lenient readers for what Webex sends differently from time to time (webex-api reference, sections 4, 5 and 10):
//! booleans and numbers as text, comma-joined lists, null for empty, enumerations that grow.

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

/// A text; a number or boolean is taken as its text. Empty and null are none.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        _ => None,
    })
}

/// `true`, `"true"`, `1`. Anything else unreadable is none.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Bool(flag)) => Some(flag),
        Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        Some(Value::Number(number)) => number.as_i64().map(|number| number != 0),
        _ => None,
    })
}

/// A whole number, also as text or with a zero fraction.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Number(number)) => number
            .as_i64()
            .or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64)),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A time as RFC 3339; milliseconds since 1970, a number or a text, are turned into it. Anything else stays as it came.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(given) = text(deserializer)? else {
        return Ok(None);
    };
    let milliseconds = given.trim().parse::<i64>().ok();
    let time = milliseconds.and_then(|since| jiff::Timestamp::from_millisecond(since).ok());
    Ok(Some(time.map_or(given, |time| time.to_string())))
}

/// Texts, each possibly several joined by commas; one text in place of a list; null.
pub(crate) fn split_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let joined = match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Array(entries)) => entries,
        Some(text @ Value::String(_)) => vec![text],
        _ => Vec::new(),
    };
    Ok(joined
        .iter()
        .filter_map(Value::as_str)
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect())
}

/// null is the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// An enumeration that may grow: a value that is not known is kept as it came.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value this release does not know, as it came.
            Other(String),
        }

        impl $name {
            /// The value as Webex writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $(text if text.eq_ignore_ascii_case($text) => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(match serde_json::Value::deserialize(deserializer)? {
                    serde_json::Value::String(text) => Self::from(text.as_str()),
                    other => Self::Other(other.to_string()),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Sample {
        #[serde(deserialize_with = "super::text")]
        text: Option<String>,
        #[serde(deserialize_with = "super::flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "super::number")]
        number: Option<i64>,
        #[serde(deserialize_with = "super::split_texts")]
        texts: Vec<String>,
        #[serde(deserialize_with = "super::or_default")]
        list: Vec<u8>,
    }

    fn read(json: &str) -> Sample {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn one_value_in_many_dresses() {
        let plain = read(r#"{"text":"133","flag":true,"number":5,"texts":["a","b"],"list":[]}"#);
        let odd = read(r#"{"text":133,"flag":"True","number":"5","texts":["a, b"],"list":null}"#);
        assert_eq!(plain, odd);
        assert_eq!(
            read(r#"{"texts":"a,b","number":5.0,"flag":1,"text":"133"}"#),
            plain
        );
        assert_eq!(
            read(r#"{"text":null,"flag":null,"number":null,"texts":null}"#),
            Sample::default()
        );
        assert_eq!(
            read(r#"{"text":"","flag":"maybe","number":{},"texts":7}"#),
            Sample::default()
        );
    }
}
