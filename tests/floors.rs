//! The modules of the crate stand on floors, and each imports only from the floors below its own.
//!
//! Every file of `src/` and every generated file that it includes is parsed with `syn`. The check covers `use`
//! lines and paths, also those in the bodies of macros and in the attributes of fields; doc comments do not count.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "the floors are printed for `cargo test --test floors -- --nocapture`"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::ToTokens as _;

/// The modules of `src/lib.rs`, the uppermost first. Modules of one floor do not import each other.
const FLOORS: &[&[&str]] = &[
    &["emulator", "guide"],
    &["shared_limit", "usage", "webhook"],
    &["client"],
    &["calls"],
    &["call"],
    &["download", "pagination"],
    &["transport"],
    &["recording", "response"],
    &["error", "operation"],
    &["types"],
    &["credentials", "data", "version"],
    &["clock", "config_error", "observability", "redact"],
];

#[test]
fn every_module_imports_from_the_floors_below_it() {
    println!("{}", block());
    let mut arrows = Vec::new();
    for path in rust_files(Path::new("src")) {
        if path != Path::new("src/lib.rs") {
            arrows.extend(arrows_of_file(&path));
        }
    }
    for arrow in arrows.iter().map(Arrow::names).collect::<BTreeSet<_>>() {
        if arrow.0 != arrow.1 {
            println!("{} -> {}", arrow.0, arrow.1);
        }
    }
    let faults = faults(FLOORS, &arrows);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_modules_within_a_module_import_from_their_homes_and_not_in_circles() {
    let (mut files, mut arrows) = (BTreeSet::new(), Vec::new());
    for path in rust_files(Path::new("src")) {
        if path != Path::new("src/lib.rs") {
            files.insert(module_of(&path).join("::"));
            arrows.extend(arrows_of_file(&path));
        }
    }
    let faults = inner_faults(&files, &arrows);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_module_of_the_crate_has_a_floor() {
    let text = std::fs::read_to_string("src/lib.rs").expect("src/lib.rs can be read");
    let declared: BTreeSet<String> = parsed(&text, "src/lib.rs")
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        })
        .collect();
    let listed: Vec<String> = FLOORS.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(
        declared,
        listed.iter().cloned().collect(),
        "declared in src/lib.rs, and listed here"
    );
    assert_eq!(declared.len(), listed.len(), "each module stands on one floor");
}

#[test]
fn the_design_shows_the_floors() {
    let design = std::fs::read_to_string("DESIGN.md").expect("DESIGN.md can be read");
    let expected = format!("```text\n{}```\n", block());
    assert!(
        design.contains(&expected),
        "DESIGN.md has to show the floors:\n{expected}"
    );
}

#[test]
fn imports_upwards_sideways_and_through_the_root_are_found() {
    const TOP: &str = "src/top/mod.rs";
    const LEFT: &str = "src/left.rs";
    const RIGHT: &str = "src/right/inner.rs";
    let upwards = "left is below top";
    let root = "`Name` is imported from the crate root";
    for (path, code, expected) in [
        (TOP, "use crate::left::Name;", None),
        (TOP, "use crate::top::Name; mod inner { use super::Name; }", None),
        (LEFT, "use crate::top::Name;", Some(upwards)),
        (LEFT, "use crate::{left::A, top::{B, C}};", Some(upwards)),
        (
            LEFT,
            "use crate::right::Name;",
            Some("left and right are on one floor"),
        ),
        (LEFT, "use crate::Name;", Some(root)),
        (LEFT, "use crate::{self as root, Name};", Some(root)),
        (
            LEFT,
            "pub(crate) use crate::*;",
            Some("`*` is imported from the crate root"),
        ),
        (LEFT, "use super::Name;", Some(root)),
        (LEFT, "use super::top::Name;", Some(upwards)),
        (LEFT, "mod inner { use super::super::top::Name; }", Some(upwards)),
        (RIGHT, "use super::top::Name;", None),
        (RIGHT, "use super::super::top::Name;", Some("right is below top")),
        (LEFT, "fn f() { use crate::top::Name; }", Some(upwards)),
        (LEFT, "fn f(name: crate::top::Name) {}", Some(upwards)),
        (LEFT, "fn f() { vec![crate::top::NAME]; }", Some(upwards)),
        (
            LEFT,
            "macro_rules! m { () => { $crate::top::f() } }",
            Some(upwards),
        ),
        (LEFT, "macro_rules! m { () => { crate::Name } }", Some(root)),
        (
            LEFT,
            "struct S { #[serde(with = \"crate::top::codec\")] field: u8 }",
            Some(upwards),
        ),
        (
            LEFT,
            "/// See [`Name`](crate::Name) and `crate::top::Name`.\nstruct S;",
            None,
        ),
        (LEFT, "pub(crate) struct S; pub(in crate::left) struct T;", None),
        (LEFT, "#[cfg(test)] mod tests { use crate::top::Name; }", None),
        (
            LEFT,
            "#[cfg(test)] use crate::top::Name; fn f() { crate::top::f() }",
            Some(upwards),
        ),
        (LEFT, "#[cfg(test)] mod tests { use crate::Name; }", Some(root)),
        (LEFT, "#[cfg(not(test))] use crate::top::Name;", Some(upwards)),
    ] {
        let floors: &[&[&str]] = &[&["top"], &["left", "right"]];
        let found = faults(floors, &arrows_of(Path::new(path), code));
        match expected {
            None => assert!(found.is_empty(), "{code}: {found:?}"),
            Some(expected) => {
                assert!(
                    found.iter().any(|fault| fault.contains(expected)),
                    "{code}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn a_fault_names_file_and_line() {
    let code = "\n\nuse crate::top::Name;\n";
    let found = faults(&[&["top"], &["left"]], &arrows_of(Path::new("src/left.rs"), code));
    assert_eq!(
        found,
        ["src/left.rs:3: left is below top and imports `crate::top::Name`"]
    );
}

#[test]
fn a_circle_is_found() {
    let arrows: Vec<Arrow> = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]
        .into_iter()
        .flat_map(|(from, to)| {
            arrows_of(
                Path::new(&format!("src/{from}.rs")),
                &format!("use crate::{to}::Name;"),
            )
        })
        .collect();
    let found = faults(&[&["a"], &["b"], &["c"], &["d"]], &arrows);
    assert!(found.contains(&"a circle: b -> c -> b".to_owned()), "{found:?}");
    let found = faults(&[&["a"], &["b"], &["c"], &["d"]], &arrows[..2]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn imports_within_a_module_are_checked() {
    let files: BTreeSet<String> = ["top", "top::a", "top::b"].map(str::to_owned).into();
    let arrows = |codes: [(&str, &str); 2]| -> Vec<Arrow> {
        let read = |(file, code)| arrows_of(Path::new(file), code);
        codes.into_iter().flat_map(read).collect()
    };
    let one_way = ("src/top/a.rs", "use crate::top::b::Name;");
    let found = inner_faults(&files, &arrows([one_way, ("src/top/b.rs", "")]));
    assert!(found.is_empty(), "{found:?}");
    let found = inner_faults(&files, &arrows([one_way, ("src/top/b.rs", "use super::a::f;")]));
    assert_eq!(found, ["a circle: top::a -> top::b -> top::a"]);
    let through_parent = ("src/top/b.rs", "use crate::top::Name;");
    let found = inner_faults(&files, &arrows([one_way, through_parent]));
    assert_eq!(
        found,
        ["src/top/b.rs:1: `top::Name` is imported from top, not from its home"]
    );
    let siblings = "use crate::top::{a::Name, b::{c, d}};";
    let found = inner_faults(
        &files,
        &arrows([
            ("src/top/a.rs", "pub(in crate::top) struct S;"),
            ("src/top/mod.rs", siblings),
        ]),
    );
    assert!(found.is_empty(), "{found:?}");
    let found = inner_faults(&files, &arrows([one_way, ("src/top/b.rs", siblings)]));
    assert_eq!(found, ["a circle: top::a -> top::b -> top::a"]);
    let in_macro = "macro_rules! m { () => { $crate::top::Name } }";
    let found = inner_faults(&files, &arrows([one_way, ("src/top/b.rs", in_macro)]));
    assert!(found.is_empty(), "{found:?}");
    let of_another = ("src/top/b.rs", "use crate::other::Name;");
    let found = inner_faults(&files, &arrows([one_way, of_another]));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn generated_files_are_read() {
    for (file, to) in [
        ("src/calls.rs", "call"),
        ("src/types.rs", "data"),
        ("src/client/accessors.rs", "calls"),
    ] {
        let generated = arrows_of_file(Path::new(file)).into_iter().any(|arrow| {
            arrow.place.contains("OUT_DIR/") && arrow.path.first().is_some_and(|name| name == to)
        });
        assert!(generated, "{file} includes code that mentions `crate::{to}`");
    }
}

/// One path in the code of a module that leads to a name of the crate.
#[derive(Debug)]
struct Arrow {
    /// The module of `src/lib.rs` that the code belongs to.
    from: String,
    /// The module that is the file of the code, such as `usage::stream`.
    module: String,
    /// The path after `crate::`.
    path: Vec<String>,
    /// File and line.
    place: String,
    /// The code is compiled for tests only.
    is_test: bool,
    /// The path starts with `$crate`: the code is where the macro is used.
    is_expanded: bool,
}

impl Arrow {
    fn names(&self) -> (&str, &str) {
        (&self.from, &self.path[0])
    }
}

/// The floors as `DESIGN.md` shows them.
fn block() -> String {
    FLOORS
        .iter()
        .map(|floor| format!("{}\n", floor.join(", ")))
        .collect()
}

fn faults(floors: &[&[&str]], arrows: &[Arrow]) -> Vec<String> {
    let floor = |name: &str| floors.iter().position(|floor| floor.contains(&name));
    let mut faults = Vec::new();
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows {
        let (from, to) = arrow.names();
        let (place, path) = (&arrow.place, arrow.path.join("::"));
        let Some(target) = floor(to) else {
            faults.push(format!("{place}: `{to}` is imported from the crate root"));
            continue;
        };
        if arrow.is_test || from == to {
            continue;
        }
        graph.entry(from).or_default().insert(to);
        match floor(from) {
            None => faults.push(format!("{place}: {from} has no floor")),
            Some(own) if own > target => faults.push(format!(
                "{place}: {from} is below {to} and imports `crate::{path}`"
            )),
            Some(own) if own == target => faults.push(format!(
                "{place}: {from} and {to} are on one floor, and {from} imports `crate::{path}`"
            )),
            Some(_) => {}
        }
    }
    faults.extend(circles(&graph));
    faults
}

/// What is wrong between the files of one module of the crate.
fn inner_faults(files: &BTreeSet<String>, arrows: &[Arrow]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.is_test && !arrow.is_expanded) {
        let (from, path) = (arrow.module.as_str(), arrow.path.join("::"));
        let reached = |to: &str| path == to || path.starts_with(&format!("{to}::"));
        let to = files
            .iter()
            .map(String::as_str)
            .filter(|to| reached(to))
            .max_by_key(|to| to.len());
        let Some(to) = to.filter(|to| *to != from && arrow.path[0] == arrow.from) else {
            continue;
        };
        if from.starts_with(&format!("{to}::")) {
            let place = &arrow.place;
            faults.push(format!(
                "{place}: `{path}` is imported from {to}, not from its home"
            ));
        }
        graph.entry(from).or_default().insert(to);
    }
    faults.extend(circles(&graph));
    faults
}

/// A circle for each module that is the first of one in the order of names.
fn circles(graph: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let mut circles = Vec::new();
    for start in graph.keys() {
        let mut reached: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut open = vec![vec![*start]];
        while let Some(way) = open.pop() {
            for next in graph.get(way[way.len() - 1]).into_iter().flatten() {
                if next < start || reached.contains_key(next) {
                    continue;
                }
                let way = [&way[..], &[*next]].concat();
                reached.insert(next, way.clone());
                open.push(way);
            }
        }
        if let Some(way) = reached.get(start) {
            circles.push(format!("a circle: {}", way.join(" -> ")));
        }
    }
    circles
}

/// Every Rust file below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn arrows_of_file(path: &Path) -> Vec<Arrow> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    arrows_of(path, &text)
}

/// The path of the module that is a file: `src/usage/mod.rs` is `usage`.
fn module_of(path: &Path) -> Vec<String> {
    let mut module: Vec<String> = path
        .with_extension("")
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

fn arrows_of(path: &Path, text: &str) -> Vec<Arrow> {
    let module = module_of(path);
    // The modules of these files are declared under `#[cfg(test)]`.
    let is_test = module
        .last()
        .is_some_and(|last| last == "tests" || last == "properties");
    let file = path.display().to_string();
    let tokens = parsed(text, &file).into_token_stream();
    let mut reader = Reader {
        own: module.join("::"),
        module,
        file,
        is_test,
        is_expanded: false,
        arrows: Vec::new(),
    };
    reader.read(tokens);
    reader.arrows
}

fn parsed(text: &str, file: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Collects the arrows of a module. It reads tokens, since most paths are parts of macros or made by them.
struct Reader {
    module: Vec<String>,
    /// The module that is the file.
    own: String,
    file: String,
    is_test: bool,
    is_expanded: bool,
    arrows: Vec<Arrow>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let outside = self.is_test;
        // The path in `pub(in crate::module)` imports nothing.
        let is_visibility = matches!(tokens.first(), Some(TokenTree::Ident(first)) if first == "in");
        let mut at = if is_visibility { tokens.len() } else { 0 };
        while let Some(token) = tokens.get(at) {
            let mut ends_item = false;
            match (token, tokens.get(at + 1)) {
                (TokenTree::Punct(punct), Some(TokenTree::Group(attribute)))
                    if punct.as_char() == '#' && attribute.delimiter() == Delimiter::Bracket =>
                {
                    self.is_test |= is_cfg_test(attribute);
                    self.attribute(attribute);
                    at += 1;
                }
                (TokenTree::Ident(keyword), Some(TokenTree::Ident(name))) if keyword == "mod" => {
                    if let Some(TokenTree::Group(body)) = tokens.get(at + 2) {
                        self.module.push(name.to_string());
                        self.read(body.stream());
                        self.module.pop();
                        at += 2;
                        ends_item = true;
                    }
                }
                (TokenTree::Ident(name), Some(TokenTree::Punct(_))) if name == "include" => {
                    if let Some(TokenTree::Group(argument)) = tokens.get(at + 2) {
                        self.include(argument);
                    }
                }
                (TokenTree::Ident(start), _) if start == "crate" || start == "super" => {
                    let base = if start == "crate" {
                        Vec::new()
                    } else {
                        self.module[..self.module.len().saturating_sub(1)].to_vec()
                    };
                    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
                    self.is_expanded =
                        matches!(before, Some(TokenTree::Punct(punct)) if punct.as_char() == '$');
                    self.path(start, base, &tokens[at + 1..]);
                    // The rest of the path is not a path by itself, even if it is another `super`.
                    while is_path_separator(&tokens[at + 1..])
                        && matches!(tokens.get(at + 3), Some(TokenTree::Ident(_)))
                    {
                        at += 3;
                    }
                }
                (TokenTree::Group(group), _) => {
                    self.read(group.stream());
                    ends_item = group.delimiter() == Delimiter::Brace;
                }
                (TokenTree::Punct(punct), _) => ends_item = matches!(punct.as_char(), ';' | ','),
                _ => {}
            }
            if ends_item {
                self.is_test = outside;
            }
            at += 1;
        }
        self.is_test = outside;
    }

    /// Follows what comes after `base`: `::name…`, `::{…}` or `::*`.
    fn path(&mut self, start: &Ident, base: Vec<String>, rest: &[TokenTree]) {
        if !is_path_separator(rest) {
            return;
        }
        match rest.get(2) {
            Some(TokenTree::Ident(name)) if name == "super" => {
                let base = base[..base.len().saturating_sub(1)].to_vec();
                self.path(start, base, &rest[3..]);
            }
            Some(TokenTree::Ident(name)) => {
                let mut path = [base, vec![name.to_string()]].concat();
                let mut rest = &rest[3..];
                while let (true, Some(TokenTree::Ident(name))) = (is_path_separator(rest), rest.get(2)) {
                    path.push(name.to_string());
                    rest = &rest[3..];
                }
                match rest.get(2) {
                    Some(TokenTree::Group(names)) if is_path_separator(rest) => self.names(path, names),
                    _ => self.arrow(name, path),
                }
            }
            Some(TokenTree::Group(names)) => self.names(base, names),
            Some(TokenTree::Punct(_)) => {
                let path = [base, vec!["*".to_owned()]].concat();
                self.arrow(start, path);
            }
            _ => {}
        }
    }

    /// The names of `{a::b, c as d, self}` after `base`.
    fn names(&mut self, base: Vec<String>, names: &Group) {
        let names: Vec<TokenTree> = names.stream().into_iter().collect();
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        for name in names.split(is_comma) {
            if let Some(TokenTree::Ident(first)) = name.first() {
                let mut path = base.clone();
                let mut rest = name;
                while let Some(TokenTree::Ident(name)) = rest.first() {
                    path.push(name.to_string());
                    rest = if is_path_separator(&rest[1..]) {
                        &rest[3..]
                    } else {
                        &[]
                    };
                }
                match rest.first() {
                    Some(TokenTree::Group(names)) => self.names(path, names),
                    _ => self.arrow(first, path),
                }
            }
        }
    }

    fn arrow(&mut self, at: &Ident, path: Vec<String>) {
        self.arrows.push(Arrow {
            from: self.module[0].clone(),
            module: self.own.clone(),
            path,
            place: format!("{}:{}", self.file, at.span().start().line),
            is_test: self.is_test,
            is_expanded: self.is_expanded,
        });
    }

    /// Attributes name paths in literals: `#[serde(with = "crate::data::codec")]`.
    fn attribute(&mut self, attribute: &Group) {
        if matches!(attribute.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc") {
            return;
        }
        for text in literals(attribute.stream()) {
            if let Ok(path) = TokenStream::from_str(&text) {
                self.read(path);
            }
        }
    }

    /// `include!(concat!(env!("OUT_DIR"), "/calls.rs"))`.
    fn include(&mut self, argument: &Group) {
        let file = literals(argument.stream())
            .into_iter()
            .find(|text| text.ends_with(".rs"))
            .expect("only Rust files of OUT_DIR are included");
        let path = format!("{}{file}", env!("OUT_DIR"));
        let text = std::fs::read_to_string(&path).expect("the build wrote the file");
        let tokens = parsed(&text, &path).into_token_stream();
        let outside = std::mem::replace(&mut self.file, format!("OUT_DIR{file}"));
        self.read(tokens);
        self.file = outside;
    }
}

/// Whether `::` comes first.
fn is_path_separator(tokens: &[TokenTree]) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    tokens.len() > 2 && tokens[..2].iter().all(is_colon)
}

fn is_cfg_test(attribute: &Group) -> bool {
    let mut tokens = attribute.stream().into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(name)) if name == "cfg")
        && matches!(tokens.next(), Some(TokenTree::Group(condition)) if condition.stream().to_string() == "test")
}

/// The texts of all literals that are strings.
fn literals(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => literals(group.stream()),
            TokenTree::Literal(literal) => text_of(literal).into_iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn text_of(literal: Literal) -> Option<String> {
    match syn::Lit::new(literal) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
