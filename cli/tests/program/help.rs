//! Help texts, completion and manual pages.

use crate::support::{Folder, program, ran};

fn printed(arguments: &[&str]) -> String {
    let ran = ran(program().env("COLUMNS", "100").args(arguments), "");
    assert_eq!(ran.status, 0, "{ran:#?}");
    ran.out
}

#[test]
fn the_help_texts_are_the_reviewed_ones() {
    insta::assert_snapshot!("help", printed(&["--help"]));
    insta::assert_snapshot!("help_of_a_resource", printed(&["invoices", "--help"]));
    insta::assert_snapshot!("help_of_a_list", printed(&["invoices", "list", "-h"]));
    insta::assert_snapshot!(
        "help_of_a_body",
        printed(&["invoice-line-items", "create", "--help"])
    );
    insta::assert_snapshot!("help_of_an_import", printed(&["usage", "import", "--help"]));
}

#[test]
fn shells_complete_commands_options_and_values() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completion", shell]);
        for word in ["mark-as-sent", "invoice-status", "dry-run"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert!(printed(&["completion", "zsh"]).contains("DRAFT"));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new("man");
    printed(&["man", &folder.0.display().to_string()]);
    let pages = std::fs::read_dir(&folder.0).expect("written").count();
    assert!(pages > 200, "{pages}");
    let page = std::fs::read_to_string(folder.0.join("sequencehq-invoices-void.1")).expect("written");
    assert!(page.contains(".TH"), "{page}");
}
