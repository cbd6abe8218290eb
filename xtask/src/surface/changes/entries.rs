//! Reads a listing.

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Versions,
    Accessor,
    Operation,
    /// How the operation of the line before is sent.
    Endpoint,
    Setter,
    Struct,
    Field,
    Enum,
    Union,
    Id,
}

/// One line.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// The item as users write it.
    pub(super) item: String,
    pub(super) parent: Option<(Kind, String)>,
    /// Requests contain it. A field of a struct without a builder is only received.
    pub(super) is_sent: bool,
    /// What follows the name: a type, a signature, values.
    pub(super) form: String,
    /// Everything else, without brackets.
    pub(super) marks: Vec<String>,
}

impl Entry {
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.marks.iter().any(|one| one == mark)
    }
}

pub(super) fn read(listing: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut top = (Kind::Versions, String::new());
    let mut operation = top.clone();
    let mut is_sent = true;
    for line in listing.lines().filter(|line| !line.starts_with('#')) {
        let text = line.trim_start();
        let depth = line.len() - text.len();
        let mut segments = text.split("  ");
        let head = segments.next().unwrap_or_default();
        let marks: Vec<String> = segments
            .map(|mark| mark.trim_matches(['[', ']']).to_owned())
            .collect();
        let (kind, item, form) = match depth {
            0 => outermost(head),
            2 => match head.strip_prefix('.') {
                Some(call) => {
                    let (verb, form) = call.split_at(call.find('(').unwrap_or(call.len()));
                    (Kind::Operation, format!("{}.{verb}()", top.1), form)
                }
                None => {
                    let (name, form) = head.split_once(": ").unwrap_or((head, ""));
                    (Kind::Field, format!("{}.{name}", top.1), form)
                }
            },
            _ => match head.strip_prefix('.') {
                Some(setter) => {
                    let (name, form) = setter.split_at(setter.find('(').unwrap_or(setter.len()));
                    (Kind::Setter, format!("{}.{name}", operation.1), form)
                }
                None => (Kind::Endpoint, operation.1.clone(), head),
            },
        };
        let key = (kind, item.clone());
        let parent = match depth {
            0 => None,
            2 => Some(top.clone()),
            _ => Some(operation.clone()),
        };
        match depth {
            0 => {
                is_sent = kind != Kind::Struct || marks.iter().any(|mark| mark == "builder");
                top = key;
            }
            2 => operation = key,
            _ => {}
        }
        entries.push(Entry {
            kind,
            item,
            parent,
            form: form.to_owned(),
            is_sent,
            marks,
        });
    }
    entries
}

fn outermost(head: &str) -> (Kind, String, &str) {
    let (word, rest) = head.split_once(' ').unwrap_or((head, ""));
    let (name, form) = rest.split_once(": ").unwrap_or((rest, ""));
    match word {
        "versions" => (Kind::Versions, "ApiVersion".to_owned(), rest),
        "struct" => (Kind::Struct, rest.to_owned(), ""),
        "id" => (Kind::Id, rest.to_owned(), ""),
        "enum" => (Kind::Enum, name.to_owned(), form),
        "union" => (Kind::Union, name.to_owned(), form),
        accessor => {
            let name = accessor.strip_prefix("client.").unwrap_or(accessor);
            (Kind::Accessor, name.to_owned(), rest)
        }
    }
}

/// Returns the versions of the API.
pub(super) fn versions(entries: &[Entry]) -> Vec<String> {
    let entry = entries.iter().find(|entry| entry.kind == Kind::Versions);
    entry
        .map(|entry| entry.form.split(' ').map(str::to_owned).collect())
        .unwrap_or_default()
}
