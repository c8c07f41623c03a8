//! Sealing with the data key: XChaCha20-Poly1305, a random 24-byte nonce in front, the owner of the text as associated
//! data (architecture, invariant 7).
//!
//! A sealed text moved to another organisation or field does not open. Keys and opened texts are wiped when dropped.

use crate::ids::random;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

const NONCE: usize = 24;
const CONTEXT: &[u8] = b"patchbay secret 1";
const PROOF_CONTEXT: &[u8] = b"patchbay vault 1";
const PROOF_TEXT: &[u8] = b"this key opens this vault";

/// Upper bounds of stored cost parameters: a database from elsewhere must not be able to exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 64;

/// The text does not open: it was damaged, moved, or sealed with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DoesNotOpen;

/// The data key.
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(super) fn new_random() -> Result<Self, getrandom::Error> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Derives the key from a passphrase, which is compared in Unicode's composed form so that it may be typed on
    /// another system. None when the parameters are out of range.
    pub(super) fn derive(passphrase: &SecretString, salt: &[u8], cost: PassphraseCost) -> Option<Self> {
        if cost.memory_kib > MAX_MEMORY_KIB || cost.passes > MAX_PASSES || cost.lanes > MAX_LANES {
            return None;
        }
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok()?;
        let composed: Zeroizing<String> = Zeroizing::new(passphrase.expose_secret().nfc().collect());
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(composed.as_bytes(), salt, key.as_mut_slice())
            .ok()?;
        Some(Self(key))
    }

    /// Seals a secret of `organisation`.
    pub(super) fn seal(
        &self,
        organisation: &str,
        field: &str,
        secret: &SecretString,
    ) -> Result<Vec<u8>, getrandom::Error> {
        self.close(&owner(organisation, field), secret.expose_secret().as_bytes())
    }

    /// Opens what [`Key::seal`] made for the same organisation and field.
    pub(super) fn open(
        &self,
        organisation: &str,
        field: &str,
        sealed: &[u8],
    ) -> Result<SecretString, DoesNotOpen> {
        let opened = self.reveal(&owner(organisation, field), sealed)?;
        let text = std::str::from_utf8(&opened).map_err(|_| DoesNotOpen)?;
        Ok(SecretString::from(text))
    }

    /// A sealed known text, kept to tell a wrong key.
    pub(super) fn proof(&self) -> Result<Vec<u8>, getrandom::Error> {
        self.close(PROOF_CONTEXT, PROOF_TEXT)
    }

    /// Whether this key made the proof.
    pub(super) fn proves(&self, proof: &[u8]) -> bool {
        self.reveal(PROOF_CONTEXT, proof)
            .is_ok_and(|text| text.as_slice() == PROOF_TEXT)
    }

    fn close(&self, aad: &[u8], text: &[u8]) -> Result<Vec<u8>, getrandom::Error> {
        let nonce: [u8; NONCE] = random()?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        let closed = cipher
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: text, aad })
            // Only a text of more than 256 GiB is refused; the error type has nothing to say.
            .map_err(|_| getrandom::Error::UNEXPECTED)?;
        let mut sealed = Vec::with_capacity(NONCE + closed.len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&closed);
        Ok(sealed)
    }

    fn reveal(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (nonce, closed) = sealed.split_at_checked(NONCE).ok_or(DoesNotOpen)?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        let text = cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: closed, aad });
        text.map(Zeroizing::new).map_err(|_| DoesNotOpen)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What a guess at the passphrase costs: memory in KiB, passes over it, lanes. Stored beside the vault, so that a later
/// default does not lock anybody out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for PassphraseCost {
    /// RFC 9106's recommendation for machines with little memory: 64 MiB, three passes, four lanes.
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 4,
        }
    }
}

/// Associated data that no other pair of organisation and field can have: both carry their length.
fn owner(organisation: &str, field: &str) -> Vec<u8> {
    let mut data = CONTEXT.to_vec();
    for part in [organisation, field] {
        data.extend_from_slice(&(part.len() as u64).to_le_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const QUICK: PassphraseCost = PassphraseCost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    #[test]
    fn a_sealed_text_opens_only_where_it_belongs() {
        let key = Key::new_random().unwrap();
        let sealed = key.seal("ab", "c", &"token".into()).unwrap();
        assert_eq!(key.open("ab", "c", &sealed).unwrap().expose_secret(), "token");
        for (organisation, field) in [("a", "bc"), ("ab", "d"), ("abc", ""), ("", "abc")] {
            assert_eq!(key.open(organisation, field, &sealed).unwrap_err(), DoesNotOpen);
        }
        assert_eq!(
            Key::new_random().unwrap().open("ab", "c", &sealed).unwrap_err(),
            DoesNotOpen
        );
    }

    #[test]
    fn the_same_text_never_looks_the_same() {
        let key = Key::new_random().unwrap();
        assert_ne!(
            key.seal("a", "b", &"x".into()).unwrap(),
            key.seal("a", "b", &"x".into()).unwrap()
        );
    }

    #[test]
    fn a_passphrase_typed_decomposed_is_the_same_passphrase() {
        let salt = [7; 16];
        let composed = Key::derive(&"caf\u{e9}".into(), &salt, QUICK).unwrap();
        let decomposed = Key::derive(&"cafe\u{301}".into(), &salt, QUICK).unwrap();
        assert_eq!(composed.bytes(), decomposed.bytes());
        assert_ne!(
            composed.bytes(),
            Key::derive(&"cafe".into(), &salt, QUICK).unwrap().bytes()
        );
    }

    #[test]
    fn absurd_costs_are_refused() {
        for cost in [
            PassphraseCost {
                memory_kib: u32::MAX,
                ..QUICK
            },
            PassphraseCost {
                passes: u32::MAX,
                ..QUICK
            },
            PassphraseCost {
                lanes: u32::MAX,
                ..QUICK
            },
            PassphraseCost { passes: 0, ..QUICK },
        ] {
            assert!(Key::derive(&"x".into(), &[0; 16], cost).is_none(), "{cost:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(organisation in "\\PC{0,20}", field in "\\PC{0,20}", text in "\\PC{0,200}") {
            let key = Key::new_random().unwrap();
            let sealed = key.seal(&organisation, &field, &text.clone().into()).unwrap();
            let opened = key.open(&organisation, &field, &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), text);
        }

        #[test]
        fn a_changed_byte_never_opens(at in 0usize..1000, flip in 1u8..) {
            let key = Key::new_random().unwrap();
            let mut sealed = key.seal("a", "b", &"a token".into()).unwrap();
            let at = at % sealed.len();
            sealed[at] ^= flip;
            prop_assert!(key.open("a", "b", &sealed).is_err());
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let key = Key::new_random().unwrap();
            prop_assert!(key.open("a", "b", &bytes).is_err());
            prop_assert!(!key.proves(&bytes));
        }
    }
}
