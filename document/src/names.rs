//! The Rust names of the things in a document: each name is derived here, for the build, the rules and the tests.
//!
//! Names on the wire cannot be changed, so those of parameters, properties and values can be given another Rust name
//! with `x-rust-name` or `x-rust-names`. All others are our own and can be renamed.
//!
//! ```
//! use sequencehq_document::names;
//! use serde_json::json;
//!
//! assert_eq!(names::parameter(&json!({"name": "dueBefore"})), "due_before");
//! assert_eq!(names::property("type", &json!({})), "type_");
//! let speed = json!({"enum": ["FAST", "1_DAY"], "x-rust-names": {"1_DAY": "OneDay"}});
//! assert_eq!(["FAST", "1_DAY"].map(|value| names::variant(&speed, value)), ["Fast", "OneDay"]);
//! assert_eq!(names::call_type("invoice_void"), "InvoiceVoidCall");
//! ```

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

/// The methods of the client, which the accessors of tags are beside.
pub const CLIENT_METHODS: [&str; 14] = [
    "api_version",
    "base_url",
    "builder",
    "builder_with_provider",
    "clock",
    "clone",
    "from_env",
    "new",
    "operation",
    "request",
    "runtime",
    "scope",
    "set_credentials",
    "with_api_version",
];

/// The methods of the structs that the accessors return, which the methods of operations are beside.
pub const ACCESSOR_METHODS: [&str; 2] = ["clone", "new"];

/// The methods of calls and their own fields, which the parameters are beside.
pub const CALL_METHODS: [&str; 21] = [
    "api_version",
    "attempt_timeout",
    "body",
    "call",
    "clone",
    "extra_field",
    "extra_query",
    "header",
    "idempotency_key",
    "items",
    "iter",
    "iter_pages",
    "keep_body",
    "pages",
    "preview",
    "read_timeout",
    "retry",
    "send",
    "timeout",
    "wait",
    "wait_for_response",
];

/// The methods of builders and their own fields, which the properties are beside.
pub const BUILDER_METHODS: [&str; 4] = ["build", "clone", "extra", "rejected"];

/// The fields that every struct has of its own, which the properties are beside.
pub const STRUCT_FIELDS: [&str; 1] = ["extra"];

/// The variant of enums and unions for values that the document does not list.
pub const UNKNOWN_VARIANT: &str = "Unrecognized";

/// The names of the standard prelude, on which generated code relies. `Box` is not among them, since generated code
/// writes its path.
pub const PRELUDE: [&str; 43] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "Unpin",
    "Vec",
];

const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Returns the name of the argument or the setter of a parameter.
pub fn parameter(parameter: &Value) -> String {
    if let Some(name) = parameter["x-rust-name"].as_str() {
        return name.to_owned();
    }
    match snake(parameter["name"].as_str().unwrap_or_default()) {
        // Reads better than `type_`.
        name if name == "type_" => "kind".to_owned(),
        name => name,
    }
}

/// Returns the name of the field and the setter of a property.
pub fn property(name: &str, property: &Value) -> String {
    match property["x-rust-name"].as_str() {
        Some(name) => name.to_owned(),
        None => snake(name),
    }
}

/// Returns the name of the variant for a value of an enum, or of the discriminator of a union.
pub fn variant(schema: &Value, value: &str) -> String {
    match schema["x-rust-names"][value].as_str() {
        Some(name) => name.to_owned(),
        None => value.to_upper_camel_case(),
    }
}

/// Returns the name of the struct with the calls of a tag, such as `InvoicesApi`.
pub fn accessor_type(tag: &str) -> String {
    format!("{}Api", tag.to_upper_camel_case())
}

/// Returns the name of the struct of a call, such as `InvoiceVoidCall`.
pub fn call_type(operation: &str) -> String {
    format!("{}Call", operation.to_upper_camel_case())
}

/// Returns the name of the builder of a schema, such as `InvoiceCreateBuilder`.
pub fn builder_type(schema: &str) -> String {
    format!("{schema}Builder")
}

/// Returns the name of the accessor method of an operation, which is its id without the resource; `None` if the id
/// does not begin with the resource.
pub fn method<'a>(resource: &str, operation: &'a str) -> Option<&'a str> {
    let verb = operation.strip_prefix(resource)?.strip_prefix('_')?;
    (!verb.is_empty()).then_some(verb)
}

/// Returns the name of the request of an operation at its endpoint in a former version.
pub fn former_request(operation: &str, version: &str) -> String {
    format!("{operation}_{}", version.replace('-', "_"))
}

/// Returns the name in the form of functions and fields; a keyword ends in `_`.
pub fn snake(name: &str) -> String {
    let name = name.to_snake_case();
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// Returns `true` for a name in the form of functions and fields: `due_before`, but not `dueBefore`, `2fa` or `match`.
pub fn is_snake(name: &str) -> bool {
    is_identifier(name) && name.to_snake_case() == name
}

/// Returns `true` for a name in the form of types and variants: `OneDay`, but not `ONE_DAY`, `1Day` or `Self`.
pub fn is_camel(name: &str) -> bool {
    is_identifier(name) && name.to_upper_camel_case() == name
}

/// Returns the name in the form of types and variants.
pub fn camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Returns `true` if Rust allows the name.
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(char::is_alphabetic)
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
        && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_camel, is_identifier, is_snake, method, parameter, property, variant};

    #[test]
    fn a_keyword_becomes_a_name_that_rust_allows() {
        for (wire, argument, field) in [
            ("type", "kind", "type_"),
            ("match", "match_", "match_"),
            ("self", "self_", "self_"),
            ("dueBefore", "due_before", "due_before"),
            ("filter[status]", "filter_status", "filter_status"),
        ] {
            assert_eq!(parameter(&json!({ "name": wire })), argument);
            assert_eq!(property(wire, &json!({})), field);
            assert!(is_identifier(argument) && is_identifier(field));
        }
    }

    #[test]
    fn a_name_that_rust_lacks_is_given() {
        assert!(!is_identifier(&parameter(&json!({"name": "2fa"}))));
        assert!(!is_identifier(&property("+", &json!({}))));
        assert!(!is_identifier(&variant(&json!({}), "1_DAY")));
        let given = json!({"name": "2fa", "x-rust-name": "second_factor", "x-rust-names": {"+": "Plus"}});
        assert_eq!(parameter(&given), "second_factor");
        assert_eq!(property("2fa", &given), "second_factor");
        assert_eq!(variant(&given, "+"), "Plus");
    }

    #[test]
    fn names_have_the_form_that_they_become() {
        for (name, snake, camel) in [
            ("due_before", true, false),
            ("due_before_", false, false),
            ("due__before", false, false),
            ("dueBefore", false, false),
            ("match", false, false),
            ("Self", false, false),
            ("OneDay", false, true),
            ("HTTPDepot", false, false),
            ("1Day", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_snake(name), is_camel(name)), (snake, camel), "{name}");
        }
    }

    #[test]
    fn a_method_is_the_id_without_the_resource() {
        assert_eq!(method("invoice", "invoice_void"), Some("void"));
        assert_eq!(method("invoice", "invoice_"), None);
        assert_eq!(method("invoice", "invoices_void"), None);
    }
}
