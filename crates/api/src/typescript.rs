//! The TypeScript of the command table, as one file: `ui/src/host/generated.ts`.
//!
//! `cargo xtask codegen` writes it, `cargo xtask codegen --check` (part of the tests) fails when it has drifted.

use crate::commands;
use std::collections::BTreeMap;
use ts_rs::{Config, TS, TypeVisitor};

struct Declarations<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only types of ours have a place of their own; `Vec`, `Option` and the like lead to the types inside.
        if T::output_path().is_some() {
            let ident = T::ident(self.config);
            if self.found.contains_key(&ident) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.found
                .insert(ident, format!("{docs}export {}\n", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole file.
pub fn typescript() -> String {
    let config = Config::new();
    let mut declarations = Declarations {
        config: &config,
        found: BTreeMap::new(),
    };
    commands::visit_types(&mut declarations);
    declarations.visit::<patchbay_core::Failure>();
    declarations.visit::<patchbay_core::events::Topic>();
    let mut file =
        String::from("// Made from crates/api/src/commands.rs by `cargo xtask codegen`. Do not edit.\n\n");
    for declaration in declarations.found.values() {
        file.push_str(declaration);
        file.push('\n');
    }
    file.push_str(&commands::typescript_table(&config));
    file
}
