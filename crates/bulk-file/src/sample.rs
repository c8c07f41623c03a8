//! The two sample files that a person starts from (product.md, B3).

use crate::issue::IdentityKind;

/// A sample file: UTF-8, comma, CRLF.
pub fn sample(kind: IdentityKind) -> Vec<u8> {
    let text = match kind {
        IdentityKind::Name => "Ext Key,User's Name,Number\r\n101,Tony,+6512345678\r\n102,Jane,\r\n",
        IdentityKind::Uuid => {
            "Ext Key,Identity UUID,Number\r\n\
             101,652d2f57-6e3b-4170-8bf9-4f1e98c88b56,+6512345678\r\n\
             102,7bccb66a-61bc-4bc0-85e6-7fd5e4b1708e,\r\n"
        }
    };
    text.as_bytes().to_vec()
}
