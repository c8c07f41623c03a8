//! Writes the TypeScript of the command table to standard output.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(patchbay_api::typescript::typescript().as_bytes())
}
