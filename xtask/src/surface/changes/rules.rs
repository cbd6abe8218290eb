//! Which label each change has.

use super::entries::{Entry, Kind};
use super::{Change, Label};

/// Returns the change that a new entry is.
pub(super) fn addition(new: &Entry) -> Change {
    if new.kind == Kind::Field && new.is_marked("required") {
        let what = format!("is new and required: `{}`", new.form);
        return Change::new(Label::Breaking, &new.item, what);
    }
    let what = match new.kind {
        Kind::Field | Kind::Setter | Kind::Operation => format!("is new: `{}`", new.form),
        _ => "is new".to_owned(),
    };
    Change::new(Label::Additive, &new.item, what)
}

/// Returns the changes between two entries of one item. `versions` are all versions of the API.
pub(super) fn changes(old: &Entry, new: &Entry, versions: &[String]) -> Vec<Change> {
    let mut changes = match new.kind {
        Kind::Versions => values(old, new, Label::Additive, ""),
        Kind::Enum => values(old, new, Label::Behavior, ", which was `Unrecognized` before"),
        Kind::Union => values(old, new, Label::Behavior, ", which was `Unrecognized` before"),
        Kind::Endpoint => form(old, new, Label::Behavior, "is sent to"),
        Kind::Accessor | Kind::Operation => form(old, new, Label::Breaking, "has the signature"),
        Kind::Setter => form(old, new, Label::Breaking, "accepts"),
        Kind::Struct | Kind::Field | Kind::Id => form(old, new, Label::Breaking, "has the type"),
    };
    changes.extend(marks(old, new, versions));
    changes
}

fn form(old: &Entry, new: &Entry, label: Label, verb: &str) -> Vec<Change> {
    if old.form == new.form {
        return Vec::new();
    }
    let what = format!("{verb} `{}` instead of `{}`", new.form, old.form);
    vec![Change::new(label, &new.item, what)]
}

/// Compares lists of values, each with the name of a variant (`=`) and versions (`@`) if the document sets them.
fn values(old: &Entry, new: &Entry, added: Label, before: &str) -> Vec<Change> {
    let split = |entry: &Entry| -> Vec<[String; 3]> {
        let values = entry.form.split(' ').filter(|value| !value.is_empty());
        let split = values.map(|value| {
            let (rest, versions) = value.split_once('@').unwrap_or((value, ""));
            let (value, name) = rest.split_once('=').unwrap_or((rest, ""));
            [value, name, versions].map(str::to_owned)
        });
        split.collect()
    };
    let (old, new_values) = (split(old), split(new));
    let mut changes = Vec::new();
    let mut push = |label, value: &str, what: String| {
        let mut change = Change::new(label, &new.item, what);
        change.names.push(value.to_owned());
        changes.push(change);
    };
    for [value, _, _] in &old {
        if !new_values.iter().any(|one| one[0] == *value) {
            push(Label::Breaking, value, format!("no longer has `{value}`"));
        }
    }
    for [value, name, versions] in &new_values {
        match old.iter().find(|one| one[0] == *value) {
            None => push(added, value, format!("newly has `{value}`{before}")),
            Some([_, old, _]) if old != name => {
                let what = format!("has the variant `{name}` instead of `{old}` for `{value}`");
                push(Label::Breaking, value, what);
            }
            Some([_, _, old]) if old != versions => {
                let of = |versions: &str| match versions {
                    "" => "all versions".to_owned(),
                    some => some.replace(',', ", "),
                };
                let what = format!("has `{value}` in {} instead of {}", of(versions), of(old));
                push(Label::Behavior, value, what);
            }
            Some(_) => {}
        }
    }
    changes
}

fn marks(old: &Entry, new: &Entry, versions: &[String]) -> Vec<Change> {
    let only = |entry: &Entry, other: &Entry| -> Vec<String> {
        let own = entry.marks.iter().filter(|mark| !other.is_marked(mark));
        own.cloned().collect()
    };
    let (mut gained, mut lost) = (only(new, old), only(old, new));
    let mut changes: Vec<Change> = Vec::new();
    let mut push = |label, what: String| changes.push(Change::new(label, &new.item, what));
    required(&mut gained, &mut lost, &mut push);
    in_versions([old, new], versions, &mut push);
    let is_version = |mark: &str| mark.starts_with("in ") || mark.starts_with("since ");
    gained.retain(|mark| !is_version(mark));
    lost.retain(|mark| !is_version(mark));
    for (mark, [with, without]) in KNOWN {
        if take(&mut gained, mark).is_some() {
            push(with.0, with.1.to_owned());
        }
        if take(&mut lost, mark).is_some() {
            push(without.0, without.1.to_owned());
        }
    }
    if let Some(feature) = take(&mut gained, "feature ") {
        take(&mut lost, "feature ");
        push(Label::Breaking, format!("needs the feature `{feature}`"));
    }
    while let Some(resource) = take(&mut gained, "from ") {
        push(Label::Additive, format!("has `from(&{resource})`"));
    }
    while let Some(resource) = take(&mut lost, "from ") {
        push(Label::Breaking, format!("no longer has `from(&{resource})`"));
    }
    let shown = |marks: &[String]| marks.join(", ");
    match (gained.is_empty(), lost.is_empty()) {
        (true, true) => {}
        (false, true) => push(Label::Behavior, format!("is `{}` now", shown(&gained))),
        (true, false) => push(Label::Behavior, format!("is no longer `{}`", shown(&lost))),
        (false, false) => {
            let what = format!("is `{}` instead of `{}`", shown(&gained), shown(&lost));
            push(Label::Behavior, what);
        }
    }
    changes
}

type Meaning = (Label, &'static str);

/// Marks with the meaning of having them newly, and of having them no more.
const KNOWN: [(&str, [Meaning; 2]); 3] = [
    (
        "deprecated",
        [
            (Label::Behavior, "is deprecated"),
            (Label::Additive, "is no longer deprecated"),
        ],
    ),
    (
        "items",
        [
            (Label::Additive, "is a stream of items too"),
            (Label::Breaking, "is no longer a stream of items"),
        ],
    ),
    (
        "builder",
        [
            (Label::Additive, "has a builder"),
            (Label::Breaking, "no longer has a builder"),
        ],
    ),
];

/// Removes the mark that begins with `start`, and returns its rest.
fn take(marks: &mut Vec<String>, start: &str) -> Option<String> {
    let index = marks.iter().position(|mark| mark.starts_with(start))?;
    let mark = marks.remove(index);
    Some(mark[start.len()..].to_owned())
}

fn required(gained: &mut Vec<String>, lost: &mut Vec<String>, push: &mut impl FnMut(Label, String)) {
    let some = "required in ";
    let (now_in, was_in) = (take(gained, some), take(lost, some));
    let (now, was) = (take(gained, "required"), take(lost, "required"));
    match (now, was, now_in, was_in) {
        (Some(_), ..) => push(Label::Breaking, "is required now".to_owned()),
        (_, Some(_), Some(versions), _) => {
            push(Label::Additive, format!("is required only in {versions}"));
        }
        (_, Some(_), None, _) => push(Label::Additive, "is optional now".to_owned()),
        (_, _, Some(now), Some(was)) => {
            let is_wider = now.split(' ').any(|version| !was.contains(version));
            let label = if is_wider {
                Label::Breaking
            } else {
                Label::Additive
            };
            push(label, format!("is required in {now} instead of {was}"));
        }
        (_, _, Some(now), None) => push(Label::Breaking, format!("is required in {now} now")),
        (_, _, None, Some(was)) => push(Label::Additive, format!("is no longer required in {was}")),
        (None, None, None, None) => {}
    }
}

/// Compares the versions that have an item. A call that sends it is refused in others; responses lack it there.
fn in_versions([old, new]: [&Entry; 2], all: &[String], push: &mut impl FnMut(Label, String)) {
    let of = |entry: &Entry| -> Vec<String> {
        let find = |start: &str| entry.marks.iter().find_map(|mark| mark.strip_prefix(start));
        match (find("in "), find("since ")) {
            (Some(some), _) => some.split(' ').map(str::to_owned).collect(),
            (None, Some(first)) => {
                let since = all.iter().filter(|version| version.as_str() >= first);
                since.cloned().collect()
            }
            (None, None) => all.to_vec(),
        }
    };
    let (was, now) = (of(old), of(new));
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        let only = from
            .iter()
            .filter(|version| all.contains(version) && !other.contains(version));
        only.map(|version| format!("`{version}`")).collect()
    };
    let (lost, gained) = (missing(&was, &now), missing(&now, &was));
    if !lost.is_empty() {
        push(
            if new.is_sent {
                Label::Breaking
            } else {
                Label::Behavior
            },
            format!("no longer exists in {}", lost.join(", ")),
        );
    }
    if !gained.is_empty() {
        push(Label::Additive, format!("exists in {} too", gained.join(", ")));
    }
}
