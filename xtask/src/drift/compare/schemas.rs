//! Schemas: types, formats, enums and properties.

use serde_json::Value;

use super::super::schema::{Property, Shape, Source, address};
use super::difference::{Severity, breaking_if, need};
use super::{Aspect, NOTHING, Note, OTHER_VERSIONS, Offered, Part, Walk, Way};

impl<'a> Walk<'a> {
    pub(super) fn sources(&mut self, location: &str, ours: &[Source<'a>], theirs: &[Source<'a>], way: Way) {
        let addresses = |sources: &[Source<'a>]| sources.iter().map(|one| address(one.schema)).collect();
        let pair = (addresses(ours), addresses(theirs));
        if self.above.contains(&pair) {
            return;
        }
        self.above.push(pair);
        if let (Some(ours), Some(theirs)) = (ours.first(), theirs.first()) {
            self.texts_of_schema(location, *ours, *theirs);
        }
        let shape = Shape::of(ours);
        let place = shape.declared().or(ours.first().map(|one| one.schema));
        self.shapes(location, &shape, &Shape::of(theirs), way, place);
        self.above.pop();
    }

    fn shapes(
        &mut self,
        location: &str,
        ours: &Shape<'a>,
        theirs: &Shape<'a>,
        way: Way,
        place: Option<&'a Value>,
    ) {
        let (left, right) = (ours.kinds(), theirs.kinds());
        if left != right || ours.is_unknown() != theirs.is_unknown() {
            let harmless = ours.is_unknown() || (theirs.is_unknown() && way == Way::Request);
            let (mine, other) = (ours.text(), theirs.text());
            let note = Note::new(location, Aspect::Type, breaking_if(!harmless), &mine, &other);
            let offered = Offered::Property(theirs.sources(), false);
            self.note(note.at(place).offering(offered));
        }
        self.details(location, ours, theirs, way, place);
        for kind in left.intersection(&right) {
            self.format(location, kind, [ours, theirs], place);
            match *kind {
                "string" => self.values(location, ours, theirs, way),
                "array" => {
                    let here = format!("{location}[]");
                    self.never_null(&here, &ours.items(), &theirs.items(), way);
                    self.sources(&here, &ours.items(), &theirs.items(), way);
                }
                "object" => self.objects(location, ours, theirs, way, place),
                _ => {}
            }
        }
    }

    fn values(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let place = ours.place("string");
        let version = self.version.clone();
        let mut note = |severity, ours: &str, theirs: &str, unmet: Vec<Part>| {
            let note = Note::new(location, Aspect::Enum, severity, ours, theirs);
            self.note(note.at(place).unmet(unmet));
        };
        let (left, right) = match (ours.values(), theirs.values()) {
            (Some(left), Some(right)) => (left, right),
            (None, None) => return,
            (Some(_), None) => return note(Severity::Additive, "enum", "any string", Vec::new()),
            (None, Some(right)) => {
                let list = right.into_iter().map(text).collect::<Vec<_>>().join(", ");
                return note(breaking_if(way == Way::Request), &ours.text(), &list, Vec::new());
            }
        };
        let (left, of_others): (Vec<&Value>, Vec<&Value>) = left
            .into_iter()
            .partition(|value| ours.has_value_in(value, &version));
        for value in right.iter().filter(|value| !left.contains(value)) {
            let mine = if of_others.contains(value) {
                OTHER_VERSIONS
            } else {
                NOTHING
            };
            note(Severity::Additive, mine, &text(value), Vec::new());
        }
        // A value that is no longer sent does no harm; one that is no longer accepted does.
        let severity = breaking_if(way == Way::Request);
        for value in left.iter().filter(|value| !right.contains(value)) {
            note(severity, &text(value), NOTHING, vec![(address(value), false)]);
        }
        let met = left.into_iter().filter(|value| right.contains(value));
        self.met.extend(met.map(|value| (address(value), false)));
    }

    fn objects(
        &mut self,
        location: &str,
        ours: &Shape<'a>,
        theirs: &Shape<'a>,
        way: Way,
        place: Option<&'a Value>,
    ) {
        match (ours.is_map(), theirs.is_map()) {
            (true, true) => {
                let (left, right) = (ours.entries(), theirs.entries());
                if !left.is_empty() && !right.is_empty() {
                    let here = format!("{location}{{}}");
                    self.never_null(&here, &left, &right, way);
                    self.sources(&here, &left, &right, way);
                }
            }
            (false, false) => self.unions(location, ours, theirs, way),
            _ => {
                let (mine, other) = (ours.text(), theirs.text());
                let note = Note::new(location, Aspect::Type, Severity::Breaking, &mine, &other);
                self.note(note.at(place));
            }
        }
    }

    pub(super) fn properties(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let (mut left, mut right) = (ours.properties(), theirs.properties());
        let other_way = if way == Way::Request {
            "readOnly"
        } else {
            "writeOnly"
        };
        for properties in [&mut left, &mut right] {
            properties.retain(|property| !property.is_marked(other_way));
        }
        left.retain(|property| property.exists_in(&self.version));
        for property in &mut left {
            property.required |= way == Way::Request && property.is_required_in(&self.version);
        }
        for theirs in &right {
            let here = format!("{location}.{}", theirs.name);
            match left.iter().find(|ours| ours.name == theirs.name) {
                None => self.missing(&here, ours, theirs, way),
                Some(ours) => {
                    self.met.extend(parts(ours, way));
                    self.required(&here, ours, theirs, way);
                    self.nullable(&here, ours, theirs, way);
                    self.sources(&here, &ours.sources, &theirs.sources, way);
                }
            }
        }
        for property in &left {
            if !right.iter().any(|theirs| theirs.name == property.name) {
                self.extra(&format!("{location}.{}", property.name), property, way);
            }
        }
    }

    /// Notes a property that only they have. A request that lacks a required one is refused.
    fn missing(&mut self, here: &str, ours: &Shape<'a>, theirs: &Property<'a>, way: Way) {
        let severity = breaking_if(theirs.required && way == Way::Request);
        let text = format!("{} {}", need(theirs.required), Shape::of(&theirs.sources).text());
        let note = Note::new(here, Aspect::Missing, severity, NOTHING, &text);
        let offered = Offered::Property(theirs.sources.clone(), theirs.required);
        self.note(note.at(ours.place("object")).offering(offered));
    }

    /// Notes a property that only we have: it is sent in vain, or never arrives.
    fn extra(&mut self, here: &str, ours: &Property<'a>, way: Way) {
        let text = format!("{} {}", need(ours.required), Shape::of(&ours.sources).text());
        let note = Note::new(here, Aspect::Extra, Severity::Breaking, &text, NOTHING);
        let place = ours.sources.first().map(|one| one.schema);
        let insisted = way == Way::Response && ours.required;
        self.note(
            note.at(place)
                .insisted(insisted)
                .unmet(parts(ours, way).collect()),
        );
    }

    /// Notes a different requirement. A request breaks if it leaves out what they require, a response if it lacks what
    /// we require.
    fn required(&mut self, here: &str, ours: &Property<'a>, theirs: &Property<'a>, way: Way) {
        if ours.required == theirs.required {
            return;
        }
        let severity = breaking_if(match way {
            Way::Request => theirs.required,
            Way::Response => ours.required,
        });
        let (mine, other) = (need(ours.required), need(theirs.required));
        let note = Note::new(here, Aspect::Required, severity, mine, other);
        let insisted = way == Way::Response && ours.required;
        let place = ours.sources.first().map(|one| one.schema);
        self.note(note.at(place).insisted(insisted));
    }

    /// Notes that a body, an item or an entry of a response may be `null`, which only properties may be here. Between
    /// published documents, any difference counts.
    pub(super) fn never_null(
        &mut self,
        location: &str,
        ours: &[Source<'a>],
        theirs: &[Source<'a>],
        way: Way,
    ) {
        let (mine, other) = (Shape::of(ours), Shape::of(theirs));
        // Free-form JSON may be null.
        let may_be_null = mine.is_nullable() || (mine.is_unknown() && !self.is_published);
        let breaks = way == Way::Response && other.is_nullable();
        if may_be_null != other.is_nullable() && (self.is_published || (breaks && !may_be_null)) {
            let text = |nullable: bool| if nullable { "nullable" } else { "never null" };
            let (left, right) = (text(may_be_null), text(other.is_nullable()));
            let note = Note::new(location, Aspect::Nullable, breaking_if(breaks), left, right);
            self.note(note.at(mine.declared()));
        }
    }

    /// Notes that only one side allows `null`. A response breaks if we require the property, a request if it sends
    /// `null` to clear the property.
    fn nullable(&mut self, here: &str, ours: &Property<'a>, theirs: &Property<'a>, way: Way) {
        let (mine, other) = (Shape::of(&ours.sources), Shape::of(&theirs.sources));
        // The client refuses to send `null` for what the version requires.
        let is_nullable = mine.is_nullable() && !(way == Way::Request && ours.is_required_in(&self.version));
        if is_nullable == other.is_nullable() {
            return;
        }
        let severity = breaking_if(match way {
            Way::Request => mine.is_nullable(),
            Way::Response => ours.required && other.is_nullable(),
        });
        let text = |shape: &Shape<'a>, required| {
            let nullable = if shape.is_nullable() { ", nullable" } else { "" };
            format!("{}{nullable}", need(required))
        };
        let (mine, other) = (text(&mine, ours.required), text(&other, theirs.required));
        let note = Note::new(here, Aspect::Nullable, severity, &mine, &other);
        let insisted = way == Way::Response && severity == Severity::Breaking;
        let place = ours.sources.first().map(|one| one.schema);
        self.note(note.at(place).insisted(insisted));
    }
}

/// Where the schemas of a property are, and whether they belong to a request.
fn parts(property: &Property<'_>, way: Way) -> impl Iterator<Item = Part> {
    property
        .sources
        .iter()
        .map(move |one| (address(one.schema), way == Way::Request))
}
