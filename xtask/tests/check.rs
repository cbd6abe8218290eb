//! The command as a whole: arguments, files and exit status.

use std::path::Path;
use std::process::Command;

fn check(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("check")
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_document_of_the_repository_is_checked_by_default() {
    let (status, out, _) = check(&[]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains("openapi.yaml: no faults in 1"), "{out}");
}

#[test]
fn every_fault_of_a_file_is_listed_with_its_line() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("misspelt.yaml");
    let text = include_str!("../../document/tests/small.yaml")
        .replace("x-feature: parcels", "x-feature: invoice")
        .replace("x-feature: depots, ", "")
        .replace("operationId: depot_list", "operationid: depot_list");
    std::fs::write(&path, text).unwrap();
    let (status, out, _) = check(&["misspelt.yaml"]);
    assert_eq!(status, Some(1));
    let faults: Vec<&str> = out.lines().collect();
    let [feature, key, summary] = faults[..] else {
        panic!("{out}");
    };
    let problem = "misspelt.yaml:7: /tags/0/x-feature: `invoice` is not a feature of the crate (did you mean `invoices`?)";
    assert!(feature.starts_with(problem), "{feature}");
    assert_eq!(
        key,
        "misspelt.yaml:35: /paths/~1depots/get/operationid: `operationid` is not a key of an operation: did you mean `operationId`?"
    );
    assert_eq!(summary, "2 faults");
}

#[test]
fn wrong_usage_has_its_own_status() {
    assert_eq!(check(&["--fast"]).0, Some(2));
    assert_eq!(check(&["a.yaml", "b.yaml"]).0, Some(2));
    let (status, out, _) = check(&["no-such-file.yaml"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("no-such-file.yaml: cannot be read"), "{out}");
}
