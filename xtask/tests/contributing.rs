//! The example in CONTRIBUTING.md: its commands print what it shows, except for the numbers.
//!
//! The published documents are not part of the repository. Here, they are made from our document: the newest has
//! everything, and the older ones lack what the example adds.

use std::path::{Path, PathBuf};
use std::process::Command;

use sequencehq_document::{Document, model, rules};
use serde_json::{Value, json};

const RULES: &str = "\
- {where: '**', kind: [enum, extra], versions: ['2024-01-01', '2024-05-09'], listed: true, reason: Older.}
- {where: 'response.**', kind: required, severity: additive, reason: Once absent.}";

fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Our document before the vendor added what the example adopts, without what it does not offer.
fn before(text: &str) -> String {
    let (head, rest) = text.split_once("\nx-not-offered:").unwrap();
    let (_, rest) = rest.split_once("\ntags:").unwrap();
    let text = format!("{head}\ntags:{rest}");
    let text = text.replace(" AED, ARS,", " ARS,").replace(" SAR, SEK,", " SEK,");
    let indent = |line: &str| line.len() - line.trim_start().len();
    let added = [
        "        externalContractRef:",
        "        - name: hasActiveApprovalWorkflow",
    ];
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if added.contains(&line) {
            while lines.next_if(|next| indent(next) > 8).is_some() {}
        } else {
            out += line;
            out.push('\n');
        }
    }
    out
}

/// The document as the vendor would publish it for `version`, with texts of its own.
fn published(root: &Value, version: &str) -> Value {
    let mut paths = json!({});
    for operation in model::raw_operations(root) {
        let read = operation.read();
        if let Some((method, path)) = read.endpoint(version) {
            paths[path][method] = operation.raw.clone();
            if let Some(member) = operation.raw["x-envelope"][version].as_str() {
                wrap(&mut paths[path][method]["responses"], member);
            }
            if read.repeat == "idempotency-key"
                && model::versions(root)
                    .idempotency_key
                    .contains(&version.to_owned())
            {
                let key = json!({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}});
                let parameters = &mut paths[path][method]["parameters"];
                *parameters = json!([key]);
            }
        }
    }
    let mut published = json!({"openapi": "3.0.3", "paths": paths, "components": root["components"]});
    keep_to(&mut published, version);
    replace_texts(&mut published);
    published
}

/// Puts what a success returns into a member.
fn wrap(responses: &mut Value, member: &str) {
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        if status.starts_with('2') {
            let schema = &mut response["content"]["application/json"]["schema"];
            *schema = json!({"type": "object", "properties": {member: schema.take()}, "required": [member]});
        }
    }
}

/// Removes what the version lacks, and requires what it requires.
fn keep_to(value: &mut Value, version: &str) {
    let required = required_in(value, version);
    if value["x-value-versions"].is_object() {
        value["enum"] = json!(model::values_in(value, version));
    }
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                properties.retain(|_, property| model::exists_in(property, version));
                for (_, property) in properties.iter_mut().filter(|(name, _)| required.contains(name)) {
                    property
                        .as_object_mut()
                        .map(|property| property.remove("nullable"));
                }
            }
            if let Some(Value::Array(parameters)) = map.get_mut("parameters") {
                parameters.retain(|parameter| model::exists_in(parameter, version));
            }
            if !required.is_empty() {
                map.insert("required".to_owned(), json!(required));
            }
            map.values_mut().for_each(|value| keep_to(value, version));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| keep_to(value, version)),
        _ => {}
    }
}

fn required_in(schema: &Value, version: &str) -> Vec<String> {
    let mut required = model::strings(&schema["required"]);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if model::strings(&property["x-required-in"]).contains(&version.to_owned()) {
            required.push(name.clone());
        }
    }
    required
}

fn replace_texts(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if key == "description" && value.is_string() {
                    *value = json!("(the vendor's text)");
                }
                replace_texts(value);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(replace_texts),
        _ => {}
    }
}

/// The text blocks of the example: commands with what they print.
fn commands(example: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for block in example.split("```text\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for line in block.lines() {
            match line.strip_prefix("$ cargo xtask drift ") {
                Some(command) => commands.push((command.to_owned(), String::new())),
                None => {
                    let (_, output) = commands.last_mut().expect("a block begins with a command");
                    *output += line;
                    output.push('\n');
                }
            }
        }
    }
    commands
}

/// `text` with the same number everywhere.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for one in text.chars() {
        match one {
            '0'..='9' if out.ends_with('0') => {}
            '0'..='9' => out.push('0'),
            _ => out.push(one),
        }
    }
    out
}

/// Writes the descriptions that a draft leaves open.
fn fill_gaps(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("# Vendor:"));
    let filled = lines.map(|line| match line.split_once(": # ") {
        Some((key, _)) if !key.trim_start().starts_with('#') => format!("{key}: Words.\n"),
        _ => format!("{line}\n"),
    });
    std::fs::write(path, filled.collect::<String>()).unwrap();
}

#[test]
fn the_example_shows_what_the_tool_prints() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contributing");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("openapi.yaml");
    let after = std::fs::read_to_string(repository("openapi.yaml")).unwrap();
    let before = before(&after);
    std::fs::write(&path, &before).unwrap();
    std::fs::write(directory.join("drift.yaml"), RULES).unwrap();
    let roots = [&before, &after].map(|text| Document::parse("openapi.yaml", text).unwrap().root);
    for (version, root) in [("2024-01-01", 0), ("2024-05-09", 0), ("2024-07-30", 1)] {
        let document = published(&roots[root], version).to_string();
        std::fs::write(directory.join(format!("{version}.json")), document).unwrap();
    }
    let contributing = std::fs::read_to_string(repository("CONTRIBUTING.md")).unwrap();
    let (_, example) = contributing.split_once("### Example\n").unwrap();
    let (example, _) = example.split_once("\n### ").unwrap();
    for (command, shown) in commands(example) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["drift", "--openapi", "openapi.yaml"])
            .args(command.split(' '))
            .current_dir(&directory)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(without_numbers(&printed), without_numbers(&shown), "{command}");
        if command.starts_with("--write") {
            let text = std::fs::read_to_string(&path).unwrap();
            let (_, draft) = example.split_once("```yaml\n").unwrap();
            let (draft, _) = draft.split_once("```").unwrap();
            let indented: String = draft.lines().map(|line| format!("        {line}\n")).collect();
            assert!(text.contains(&indented), "the draft is in the document:\n{draft}");
            assert!(
                rules::check(Document::read(&path).unwrap()).is_err(),
                "the build refuses gaps"
            );
            fill_gaps(&path);
        }
    }
    if let Err(faults) = rules::check(Document::read(&path).unwrap()) {
        panic!("{faults}");
    }
}
