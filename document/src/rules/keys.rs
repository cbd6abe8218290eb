//! The tables of keys that [`structure`](super::structure) checks.

/// The shape of a value.
pub(super) enum Shape {
    Text,
    /// A text that another rule requires, so that an empty one is left to it.
    Words,
    Flag,
    /// `true` or `false`, which is the only value that has a meaning.
    Only(bool),
    Integer,
    List(&'static Shape),
    Map(&'static Shape),
    Node(&'static Kind),
    /// A node or a reference.
    Value(&'static Kind),
    /// A named schema, whose kind depends on its keys.
    Schema,
    /// The values of a map: a schema, or whether there are any.
    Entry,
    /// A reference, or the schema of a file.
    Body,
    /// Checked elsewhere.
    Any,
}

/// A kind of node.
pub(super) struct Kind {
    /// With its article.
    pub(super) name: &'static str,
    pub(super) keys: &'static [(&'static str, Shape)],
    pub(super) required: &'static [&'static str],
    /// Keys for which other rules have better words.
    pub(super) refused: &'static [&'static str],
}

const TEXTS: Shape = Shape::List(&Shape::Text);
const TEXT_MAP: Shape = Shape::Map(&Shape::Text);

pub(super) static DOCUMENT: Kind = Kind {
    name: "the document",
    keys: &[
        ("openapi", Shape::Text),
        ("info", Shape::Node(&INFO)),
        ("servers", Shape::List(&Shape::Node(&SERVER))),
        ("security", Shape::Any),
        ("tags", Shape::List(&Shape::Node(&TAG))),
        ("paths", Shape::Map(&Shape::Node(&PATH))),
        ("components", Shape::Node(&COMPONENTS)),
        ("x-versions", TEXTS),
        ("x-idempotency-key-since", Shape::Text),
        ("x-not-offered", Shape::List(&Shape::Node(&NOT_OFFERED))),
    ],
    required: &["openapi", "info", "tags", "paths", "components"],
    refused: &[],
};

static INFO: Kind = Kind {
    name: "`info`",
    keys: &[
        ("title", Shape::Text),
        ("version", Shape::Text),
        ("description", Shape::Text),
        ("contact", Shape::Any),
        ("license", Shape::Any),
        ("termsOfService", Shape::Any),
    ],
    required: &["title", "version"],
    refused: &[],
};

static SERVER: Kind = Kind {
    name: "a server",
    keys: &[("url", Shape::Text), ("description", Shape::Text)],
    required: &["url"],
    refused: &[],
};

static NOT_OFFERED: Kind = Kind {
    name: "an entry of `x-not-offered`",
    keys: &[
        ("operations", TEXTS),
        ("versions", TEXTS),
        ("reason", Shape::Words),
        ("instead", Shape::Words),
    ],
    required: &["operations", "versions"],
    refused: &[],
};

static TAG: Kind = Kind {
    name: "a tag",
    keys: &[
        ("name", Shape::Text),
        ("description", Shape::Words),
        ("x-feature", Shape::Text),
        ("x-resource", Shape::Text),
    ],
    required: &[],
    refused: &[],
};

static PATH: Kind = Kind {
    name: "a path",
    keys: &[
        ("get", Shape::Node(&OPERATION)),
        ("post", Shape::Node(&OPERATION)),
        ("put", Shape::Node(&OPERATION)),
        ("patch", Shape::Node(&OPERATION)),
        ("delete", Shape::Node(&OPERATION)),
    ],
    required: &[],
    refused: &[],
};

static OPERATION: Kind = Kind {
    name: "an operation",
    keys: &[
        ("tags", TEXTS),
        ("operationId", Shape::Text),
        ("summary", Shape::Words),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("parameters", Shape::List(&Shape::Value(&PARAMETER))),
        ("requestBody", Shape::Node(&BODY)),
        ("responses", Shape::Map(&Shape::Value(&RESPONSE))),
        ("x-vendor-id", Shape::Text),
        ("x-versions", TEXTS),
        ("x-former", TEXT_MAP),
        ("x-paginated", Shape::Only(true)),
        ("x-repeat", Shape::Text),
        ("x-repeat-reason", Shape::Words),
        ("x-rate-limit", Shape::Text),
        ("x-conflict", Shape::Text),
        ("x-bare-list", Shape::Text),
        ("x-envelope", TEXT_MAP),
    ],
    required: &[],
    refused: &[],
};

pub(super) static PARAMETER: Kind = Kind {
    name: "a parameter",
    keys: &[
        ("name", Shape::Text),
        ("in", Shape::Text),
        ("required", Shape::Flag),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("style", Shape::Text),
        ("explode", Shape::Flag),
        ("schema", Shape::Value(&PARAMETER_SCHEMA)),
        ("x-encode-items", Shape::Only(true)),
        ("x-rust-name", Shape::Text),
        ("x-versions", TEXTS),
    ],
    required: &[],
    refused: &[],
};

static BODY: Kind = Kind {
    name: "a request body",
    keys: &[
        ("required", Shape::Flag),
        ("description", Shape::Text),
        ("content", Shape::Map(&Shape::Node(&CONTENT))),
    ],
    required: &[],
    refused: &["$ref"],
};

pub(super) static RESPONSE: Kind = Kind {
    name: "a response",
    keys: &[
        ("description", Shape::Words),
        ("content", Shape::Map(&Shape::Node(&CONTENT))),
    ],
    required: &[],
    refused: &[],
};

static CONTENT: Kind = Kind {
    name: "the content of a body",
    keys: &[("schema", Shape::Body)],
    required: &[],
    refused: &[],
};

static COMPONENTS: Kind = Kind {
    name: "`components`",
    keys: &[
        ("schemas", Shape::Map(&Shape::Schema)),
        ("parameters", Shape::Map(&Shape::Node(&PARAMETER))),
        ("responses", Shape::Map(&Shape::Node(&RESPONSE))),
        ("securitySchemes", Shape::Any),
    ],
    required: &[],
    refused: &[],
};

pub(super) static ENUM: Kind = Kind {
    name: "an enum",
    keys: &[
        ("type", Shape::Text),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("enum", TEXTS),
        ("example", Shape::Text),
        ("x-rust-names", TEXT_MAP),
        ("x-value-versions", Shape::Map(&TEXTS)),
        ("x-values", TEXT_MAP),
    ],
    required: &["type"],
    refused: &[],
};

pub(super) static ID: Kind = Kind {
    name: "an id",
    keys: &[
        ("type", Shape::Text),
        ("format", Shape::Text),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
    ],
    required: &["type"],
    refused: &[],
};

pub(super) static UNION: Kind = Kind {
    name: "a union",
    keys: &[
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("oneOf", Shape::List(&Shape::Node(&REFERENCE))),
        ("discriminator", Shape::Node(&DISCRIMINATOR)),
        ("example", Shape::Text),
        ("x-rust-names", TEXT_MAP),
    ],
    required: &[],
    refused: &[],
};

static DISCRIMINATOR: Kind = Kind {
    name: "a discriminator",
    keys: &[("propertyName", Shape::Text), ("mapping", TEXT_MAP)],
    required: &[],
    refused: &[],
};

pub(super) static REFERENCE: Kind = Kind {
    name: "a reference",
    keys: &[("$ref", Shape::Text)],
    required: &[],
    refused: &[],
};

pub(super) static OBJECT: Kind = Kind {
    name: "an object",
    keys: &[
        ("type", Shape::Text),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("required", TEXTS),
        ("properties", Shape::Map(&Shape::Value(&PROPERTY))),
    ],
    required: &[],
    refused: &["$ref", "additionalProperties", "format", "items"],
};

pub(super) static PROPERTY: Kind = Kind {
    name: "a property",
    keys: &[
        ("type", Shape::Text),
        ("format", Shape::Text),
        ("description", Shape::Words),
        ("deprecated", Shape::Flag),
        ("nullable", Shape::Flag),
        ("items", Shape::Value(&VALUE)),
        ("additionalProperties", Shape::Entry),
        ("allOf", Shape::List(&Shape::Node(&REFERENCE))),
        ("enum", TEXTS),
        ("example", Shape::Any),
        ("x-former-name", Shape::Text),
        ("x-from", Shape::Text),
        ("x-required-in", TEXTS),
        ("x-rust-name", Shape::Text),
        ("x-since", Shape::Text),
        ("x-versions", TEXTS),
    ],
    required: &[],
    refused: &REFUSED_IN_VALUES,
};

/// An item of a list, or an entry of a map.
pub(super) static VALUE: Kind = Kind {
    name: "a value",
    keys: &[
        ("type", Shape::Text),
        ("format", Shape::Text),
        ("description", Shape::Text),
        ("items", Shape::Value(&VALUE)),
        ("additionalProperties", Shape::Entry),
        ("example", Shape::Any),
    ],
    required: &[],
    refused: &REFUSED_IN_VALUES,
};

static PARAMETER_SCHEMA: Kind = Kind {
    name: "the schema of a parameter",
    keys: &[
        ("type", Shape::Text),
        ("format", Shape::Text),
        ("minimum", Shape::Integer),
        ("maximum", Shape::Integer),
        ("items", Shape::Value(&VALUE)),
        ("example", Shape::Any),
    ],
    required: &[],
    refused: &REFUSED_IN_VALUES,
};

/// What the rules for values refuse with a reason of its own.
const REFUSED_IN_VALUES: [&str; 9] = [
    "allOf",
    "anyOf",
    "default",
    "enum",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
];

/// Keys of JSON Schema that the client would have to check.
const UNCHECKED: [&str; 12] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "uniqueItems",
];

/// Returns what to do instead of a key of OpenAPI or YAML that is not supported.
pub(super) fn advice(key: &str, kind: &Kind) -> Option<&'static str> {
    let is_value = [&PROPERTY, &VALUE, &PARAMETER_SCHEMA, &OBJECT]
        .iter()
        .any(|one| std::ptr::eq(*one, kind));
    Some(match key {
        "<<" => "write the keys out, because merge keys are not part of OpenAPI",
        "title" if is_value => "remove it, because the name is that of the schema",
        "required" if is_value => "list the property under `required` of its object",
        "example" | "examples" if std::ptr::eq(kind, &PARAMETER) => "write `example` in the `schema`",
        "type" | "format" | "items" | "enum" | "minimum" | "maximum" | "$ref"
            if std::ptr::eq(kind, &PARAMETER) =>
        {
            "write it in the `schema` of the parameter"
        }
        "examples" if is_value => "write one `example`",
        "example" if std::ptr::eq(kind, &OBJECT) => "write an `example` for each property that needs one",
        "example" | "examples" if std::ptr::eq(kind, &CONTENT) => {
            "remove it, because examples are made of those of the properties"
        }
        "parameters" | "summary" | "description" if std::ptr::eq(kind, &PATH) => {
            "specify it on each operation"
        }
        "readOnly" | "writeOnly" => "define one schema for requests and one for responses",
        "headers" if std::ptr::eq(kind, &RESPONSE) => "remove it, because every response has all its headers",
        "format" if std::ptr::eq(kind, &ENUM) => "remove it, because an enum is text",
        "allowReserved" | "allowEmptyValue" | "content" if std::ptr::eq(kind, &PARAMETER) => {
            "remove it, because every value is sent percent-encoded"
        }
        key if is_value && UNCHECKED.contains(&key) => {
            "remove it, because the client would not check it, and name the limit in the description"
        }
        "callbacks" | "security" | "servers" | "externalDocs" | "links" | "xml" | "webhooks" => "remove it",
        _ => return None,
    })
}
