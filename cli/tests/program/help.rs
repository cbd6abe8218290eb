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
    insta::assert_snapshot!(
        "help_of_a_new_customer",
        printed(&["customers", "create", "--help"])
    );
    insta::assert_snapshot!("help_of_an_import", printed(&["usage", "import", "--help"]));
    insta::assert_snapshot!("help_of_an_emulator", printed(&["emulator", "--help"]));
    insta::assert_snapshot!(
        "help_of_a_fault",
        printed(&["emulator", "faults", "inject", "--help"])
    );
    insta::assert_snapshot!(
        "help_of_an_answer",
        printed(&["emulator", "respond", "add", "--help"])
    );
}

/// The groups of commands that the help of the program lists.
fn groups(help: &str) -> Vec<&str> {
    let (_, commands) = help.split_once("Commands:\n").expect("a list");
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").collect()
}

#[test]
fn the_help_of_each_group_is_the_reviewed_one() {
    let help = printed(&["-h"]);
    let groups = groups(&help);
    assert!(groups.len() > 30, "{groups:?}");
    let each = groups.iter().map(|group| {
        let help = printed(&[group, "-h"]);
        // Options that every command has are in the snapshots of single commands.
        let own = help
            .split("\nOptions")
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_owned();
        format!("$ sequencehq {group} -h\n{own}\n")
    });
    insta::assert_snapshot!("help_of_each_group", each.collect::<Vec<_>>().join("\n"));
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
