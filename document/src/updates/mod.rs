//! Which request bodies can be made of a resource, and how: what was read becomes what a PUT replaces.
//!
//! A body is matched with the JSON response of its PUT. Properties belong together if they have the same name, unless
//! `x-from` of the body's property names another one, and a type from which it can be made: the same type, or an object
//! of which an object can be made in turn. Unions of different members do not belong together, since a member that
//! neither of them lists could not be carried over.
//!
//! ```
//! use sequencehq_document::{Document, updates};
//!
//! let document = Document::read(&sequencehq_document::shipped())?;
//! let pairs = updates::pairs(&document.root);
//! let customer = pairs.iter().find(|pair| pair.body == "CustomerUpdate").expect("it exists");
//! assert_eq!(customer.resource, "Customer");
//! assert!(customer.missing.contains(&"customerAliases".to_owned()));
//! # Ok::<(), sequencehq_document::Faults>(())
//! ```

mod matching;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

pub(crate) use matching::pair;

use crate::model::{self, Operation, Success};

/// A body, or an object in one, and the resource of which it can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The schema to make.
    pub body: String,
    /// The schema to read.
    pub resource: String,
    /// What is carried over, in the order of the body.
    pub carried: Vec<Carried>,
    /// The properties of the body that are not, in its order.
    pub missing: Vec<String>,
    /// The properties of the resource of which nothing is made, in its order.
    pub left: Vec<String>,
}

/// A property of a body that is made of one of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The name in the body.
    pub name: String,
    /// The property of the resource.
    pub source: String,
    /// The property of the objects in the source that has the value, if not they themselves are the value.
    pub member: Option<Member>,
    /// Whether there is one value, or several.
    pub shape: Shape,
    /// How a value is made.
    pub making: Making,
    /// The body requires it in every version, and the resource may lack it.
    pub may_lack: bool,
    /// The API versions of the body that have it; empty if all have.
    pub versions: Vec<String>,
}

/// A required property of an object in a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The schema of the object.
    pub of: String,
    /// The name of the property.
    pub name: String,
}

/// Whether a property has one value, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// A list of values.
    List,
    /// Values by name.
    Map,
}

/// How a value of a body is made of one of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Making {
    /// It is the same value.
    Same,
    /// It is an id, of a text.
    Id,
    /// It is the first of a [`Pair`], of the second.
    Pair(String, String),
}

/// The reason why the body of a PUT or PATCH cannot be made of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A PATCH keeps what is not sent.
    Patch,
    /// The operation has no body.
    WithoutBody,
    /// The body is a union.
    Union,
    /// The response is not JSON, or not an object.
    NoResource,
    /// No property of the body belongs to one of the resource.
    NothingInCommon,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "keeps what is not sent",
            Self::WithoutBody => "has no body",
            Self::Union => "has a union as its body",
            Self::NoResource => "has no object as its response",
            Self::NothingInCommon => "has a body without any property of its response",
        })
    }
}

/// Returns the pair of schemas of a PUT, or why there is none. Returns `None` for other methods than PUT and PATCH.
pub fn outcome(root: &Value, operation: &Operation) -> Option<Result<(String, String), Obstacle>> {
    match operation.method.as_str() {
        "put" => Some(of_put(root, operation)),
        "patch" => Some(Err(Obstacle::Patch)),
        _ => None,
    }
}

fn of_put(root: &Value, operation: &Operation) -> Result<(String, String), Obstacle> {
    let schema = |name: &String| &root["components"]["schemas"][name];
    let body = operation.body.as_ref().ok_or(Obstacle::WithoutBody)?;
    if schema(body).get("properties").is_none() {
        return Err(Obstacle::Union);
    }
    let Success::Json(resource) = &operation.success else {
        return Err(Obstacle::NoResource);
    };
    if schema(resource).get("properties").is_none() {
        return Err(Obstacle::NoResource);
    }
    match pair(root, body, resource).carried.is_empty() {
        true => Err(Obstacle::NothingInCommon),
        false => Ok((body.clone(), resource.clone())),
    }
}

/// Returns the pairs of all PUTs in the document's order, followed by those of the objects in their bodies.
pub fn pairs(root: &Value) -> Vec<Pair> {
    let operations = model::operations(root);
    let outcomes = operations.iter().filter_map(|one| outcome(root, one));
    let mut open: Vec<(String, String)> = outcomes.flatten().collect();
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    while !open.is_empty() {
        for (body, resource) in std::mem::take(&mut open) {
            if !seen.insert((body.clone(), resource.clone())) {
                continue;
            }
            let pair = pair(root, &body, &resource);
            open.extend(pair.carried.iter().filter_map(|carried| match &carried.making {
                Making::Pair(body, resource) => Some((body.clone(), resource.clone())),
                Making::Same | Making::Id => None,
            }));
            pairs.push(pair);
        }
    }
    pairs
}
