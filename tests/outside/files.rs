//! Paths that are no ordinary files, as the window may be given them.

use patchbay_core::ErrorCode;
use patchbay_tests::{Gifts, World};
use serde_json::json;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

fn pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_is_neither_waited_for_nor_replaced() {
    let world = World::new().await;
    let template = world.template(&world.rows(1), &Gifts::default()).await;
    let pipe = pipe(world.folder.path());
    let add = json!({ "template": template, "files": [{ "kind": "path", "path": pipe }] });
    let told = world
        .refused("bulkAssignments.addFiles", add, ErrorCode::File)
        .await;
    assert!(told.message.contains("pipe"), "{}", told.message);
    let save = json!({ "kind": "name", "path": pipe });
    world
        .refused("bulkAssignments.saveSample", save, ErrorCode::File)
        .await;
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let save = json!({ "kind": "name", "path": world.folder.path() });
    world
        .refused("bulkAssignments.saveSample", save, ErrorCode::File)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_stays_a_link() {
    let world = World::new().await;
    let (target, link) = (
        world.folder.path().join("target.csv"),
        world.folder.path().join("link.csv"),
    );
    std::fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    world
        .call(
            "bulkAssignments.saveSample",
            json!({ "kind": "name", "path": link }),
        )
        .await;
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("Ext Key"));
}
