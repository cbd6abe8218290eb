//! The steps of the build, each by itself, on small documents.

#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "the steps are modules of the build script"
)]

#[path = "../build/calls.rs"]
mod calls;
#[path = "../build/debug.rs"]
mod debug;
#[path = "../build/examples.rs"]
mod examples;
#[path = "../build/generate.rs"]
mod generate;
#[path = "../build/load.rs"]
mod load;
#[path = "../build/model.rs"]
mod model;
#[path = "../build/named.rs"]
mod named;
#[path = "../build/polish.rs"]
mod polish;
#[path = "../build/prune.rs"]
mod prune;
#[path = "../build/requests.rs"]
mod requests;
#[path = "../build/rules.rs"]
mod rules;
#[path = "../build/simplify.rs"]
mod simplify;
#[path = "../build/surface.rs"]
mod surface;
#[path = "../build/versions.rs"]
mod versions;
#[path = "../build/write.rs"]
mod write;

use std::collections::BTreeSet;

use load::{Document, Faults};
use quote::quote;

/// A document that keeps every rule, with one of everything.
const SMALL: &str = r#"
openapi: 3.0.3
info: {title: Small, version: '1'}
tags:
  - {name: parcels, description: Things that are sent., x-feature: parcels, x-resource: parcel}
  - {name: depots, description: Where things wait., x-feature: depots, x-resource: depot}
paths:
  /parcels/{id}/send:
    post:
      tags: [parcels]
      operationId: parcel_send
      summary: Sends a parcel.
      description: It goes out today.
      x-vendor-id: postParcelsByIdSend
      x-versions: ['2024-05-09', '2024-07-30']
      x-former: {'2024-05-09': 'PUT /parcels/{id}/post'}
      x-repeat: never
      parameters:
        - {name: id, in: path, required: true, description: Which one., schema: {$ref: '#/components/schemas/ParcelId'}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ParcelSend'}}}
      responses:
        '200':
          description: The parcel.
          content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}
        '4XX': {$ref: '#/components/responses/Failure'}
        '5XX': {$ref: '#/components/responses/Failure'}
  /depots:
    get:
      tags: [depots]
      operationId: depot_list
      summary: Lists the depots.
      description: All of them.
      x-vendor-id: getDepots
      x-versions: ['2024-07-30']
      x-paginated: true
      parameters:
        - {name: limit, in: query, description: How many., schema: {type: integer, format: int32, minimum: 1, maximum: 100}}
        - {name: after, in: query, description: From where., schema: {type: string}}
        - {name: before, in: query, description: Up to where., schema: {type: string}}
        - {name: towns, in: query, description: Where., style: form, explode: false, schema: {type: array, items: {type: string}}}
      responses:
        '200':
          description: A page.
          content: {application/json: {schema: {$ref: '#/components/schemas/DepotPage'}}}
        '4XX': {$ref: '#/components/responses/Failure'}
        '5XX': {$ref: '#/components/responses/Failure'}
components:
  responses:
    Failure:
      description: It went wrong.
      content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
  schemas:
    Problem: {type: object, description: What went wrong., properties: {message: {type: string, description: Words.}}}
    Pagination: {type: object, description: Where a page is., properties: {after: {type: string, description: The next.}, totalResultSize: {type: integer, format: int64, description: All.}}}
    ParcelId: {type: string, format: id, description: Names a parcel.}
    Speed:
      type: string
      description: How fast.
      enum: [FAST, NOT_SO_FAST]
      x-values: {FAST: Today., NOT_SO_FAST: Some day.}
    Box: {type: object, description: A box., required: [form, side], properties: {form: {type: string, enum: [BOX], description: Always BOX.}, side: {type: string, format: decimal, description: In metres.}}}
    Tube: {type: object, description: A tube., required: [form], properties: {form: {type: string, enum: [TUBE], description: Always TUBE.}}}
    Form:
      description: What it looks like.
      oneOf: [{$ref: '#/components/schemas/Box'}, {$ref: '#/components/schemas/Tube'}]
      discriminator: {propertyName: form, mapping: {BOX: '#/components/schemas/Box', TUBE: '#/components/schemas/Tube'}}
    Parcel:
      type: object
      description: A parcel.
      required: [id, weight]
      properties:
        weight: {type: string, format: decimal, description: In kilograms.}
        id: {description: Its own id., allOf: [{$ref: '#/components/schemas/ParcelId'}]}
        fee: {type: number, format: decimal, description: What it costs.}
        speed: {$ref: '#/components/schemas/Speed'}
        form: {$ref: '#/components/schemas/Form'}
        marks: {type: array, description: What is written on it., items: {type: string}}
        due: {type: string, format: date, description: The day.}
    ParcelSend:
      type: object
      description: How to send it.
      required: [weight]
      properties:
        weight: {type: string, format: decimal, description: In kilograms.}
        note: {type: string, nullable: true, description: For the driver.}
        marks: {type: array, description: To be written on it., items: {type: string}}
    Depot: {type: object, description: A depot., required: [town], properties: {town: {type: string, description: Where.}}}
    DepotPage:
      type: object
      description: A page of depots.
      required: [items, pagination]
      properties:
        items: {type: array, description: The depots., items: {$ref: '#/components/schemas/Depot'}}
        pagination: {$ref: '#/components/schemas/Pagination'}
"#;

fn small() -> Document {
    Document::parse("small.yaml", SMALL).expect("the document is YAML")
}

fn checked() -> Document {
    rules::check(small()).expect("the document keeps the rules")
}

/// The whole build of one document, as `build.rs` does it.
fn build(document: Document) -> Result<[String; 4], Faults> {
    let named = named::types(&document);
    let document = named::without_discriminators(document);
    let plain = simplify::for_generator(document.clone());
    let generated = generate::client(&plain, &named)?;
    let requests = requests::keep(&plain, &generated)?;
    let calls = calls::code(&document, &requests)?;
    let mut types = polish::types(&document, generated)?;
    let debug = debug::hide_secrets(&document, &mut types);
    let builders = polish::builders(&document, &types);
    let named = named.into_iter().map(|named| named.code);
    let methods = &requests.code;
    Ok([
        write::formatted(quote! { #(#types)* #(#named)* #builders #debug }),
        write::formatted(quote! { impl Requests { #methods } }),
        write::formatted(calls),
        surface::listing(&document, &types),
    ])
}

/// White space and commas do not matter, since they are the formatter's.
fn has(code: &str, part: &str) -> bool {
    let squeeze = |text: &str| {
        text.chars()
            .filter(|letter| !letter.is_whitespace() && *letter != ',')
            .collect::<String>()
    };
    squeeze(code).contains(&squeeze(part))
}

#[test]
fn loading_names_the_line_of_what_is_not_yaml() {
    let error = Document::parse("x.yaml", "a: 1\nb: [1,\nc: }\n")
        .expect_err("not YAML")
        .to_string();
    assert!(error.contains("x.yaml:"), "{error}");
    let error = Document::parse("x.yaml", "a: 1\n1: 2\n")
        .expect_err("a key that is no text")
        .to_string();
    assert!(error.contains("not text"), "{error}");
    let error = Document::read(std::path::Path::new("no/such/file.yaml"))
        .expect_err("no file")
        .to_string();
    assert!(
        error.contains("no/such/file.yaml") && error.contains("cannot be read"),
        "{error}"
    );
}

#[test]
fn loading_keeps_order_and_text_that_looks_like_something_else() {
    let document =
        Document::parse("x.yaml", "z: 'NO'\na: '2024-01-01'\nm: [1, 2.5, true, null]\n").expect("good");
    assert_eq!(
        document.root.to_string(),
        r#"{"z":"NO","a":"2024-01-01","m":[1,2.5,true,null]}"#
    );
}

#[test]
fn a_duplicate_key_is_refused() {
    assert!(Document::parse("x.yaml", "a: 1\na: 2\n").is_err());
}

/// Replaces one thing in the document and gives the message that this causes.
fn broken(from: &str, to: &str) -> String {
    assert_eq!(
        SMALL.matches(from).count(),
        1,
        "`{from}` has to stand in the document once"
    );
    let document = Document::parse("small.yaml", &SMALL.replace(from, to)).expect("still YAML");
    rules::check(document)
        .map(|_| ())
        .expect_err("a rule is broken")
        .to_string()
}

#[test]
fn what_is_not_offered_is_not_in_the_document_and_has_a_reason() {
    for (entry, message) in [
        (
            "{operations: ['POST /parcels/{id}/send'], versions: ['2024-07-30'], reason: R.}",
            "`POST /parcels/{id}/send` is offered, as parcel_send",
        ),
        (
            "{operations: ['PUT /parcels/{id}/post'], versions: ['2024-05-09'], reason: R.}",
            "`PUT /parcels/{id}/post` is offered, as parcel_send",
        ),
        (
            "{operations: ['GET /x'], versions: ['2023-01-01'], reason: R.}",
            "unknown version `2023-01-01`",
        ),
        (
            "{operations: ['GET /x'], versions: ['2024-01-01']}",
            "has no reason",
        ),
    ] {
        let error = broken(
            "tags:\n  - {name: parcels",
            &format!("x-not-offered:\n  - {entry}\ntags:\n  - {{name: parcels"),
        );
        assert!(error.contains(message), "{error}");
    }
    // At another path, or in another version, it is not.
    let text = SMALL.replace(
        "tags:\n  - {name: parcels",
        "x-not-offered:\n  - {operations: ['POST /parcels/{id}/send'], versions: ['2024-05-09'], reason: R.}\ntags:\n  - {name: parcels",
    );
    let document = Document::parse("small.yaml", &text).expect("still YAML");
    let document = rules::check(document).expect("it keeps the rules");
    let docs = versions::docs(&document);
    assert!(
        docs.contains("| `POST /parcels/{id}/send` | `2024-05-09` | R. |"),
        "{docs}"
    );
    assert!(docs.contains("0 of `2024-01-01`, 1 of `2024-05-09`"), "{docs}");
}

#[test]
fn a_put_or_delete_decides_whether_it_may_be_repeated() {
    for method in ["put", "delete"] {
        let with = |repeat: &str| {
            let text = SMALL
                .replace("    post:\n", &format!("    {method}:\n"))
                .replace("      x-repeat: never\n", repeat);
            let document = Document::parse("small.yaml", &text).expect("still YAML");
            match rules::check(document) {
                Ok(document) => model::operations(&document.root)[0].repeat.clone(),
                Err(faults) => faults.to_string(),
            }
        };
        let undecided = with("");
        assert!(
            undecided.contains(&format!(
                "has no x-repeat: say whether {method} may be repeated (safe, never)"
            )),
            "{undecided}"
        );
        assert_eq!(with("      x-repeat: safe\n"), "safe");
        assert_eq!(
            with("      x-repeat: never\n      x-repeat-reason: It goes out.\n"),
            "never"
        );
        let key = with("      x-repeat: idempotency-key\n");
        assert!(
            key.contains("unknown x-repeat `idempotency-key`: use one of safe, never"),
            "{key}"
        );
    }
}

#[test]
fn every_broken_rule_is_named_with_its_place() {
    for (from, to, message) in [
        ("      operationId: parcel_send\n", "", "has no operationId"),
        (
            "operationId: parcel_send",
            "operationId: depot_list",
            "is used twice",
        ),
        (
            "operationId: parcel_send",
            "operationId: sendParcel",
            "is not `parcel_verb` in snake_case",
        ),
        (
            "operationId: parcel_send",
            "operationId: parcel_",
            "is not `parcel_verb` in snake_case",
        ),
        ("      tags: [parcels]\n", "", "has 0 tags instead of one"),
        (
            "tags: [parcels]",
            "tags: [letters]",
            "tag `letters` is not declared",
        ),
        (
            "tags: [parcels]",
            "tags: [parcels, depots]",
            "has 2 tags instead of one",
        ),
        ("      summary: Sends a parcel.\n", "", "has no summary"),
        (
            "      description: It goes out today.\n",
            "",
            "has no description",
        ),
        ("      x-vendor-id: getDepots\n", "", "has no x-vendor-id"),
        (
            "x-vendor-id: getDepots",
            "x-vendor-id: getDepots\n      x-colour: red",
            "unknown extension x-colour",
        ),
        (
            "note: {type: string, nullable: true,",
            "note: {type: string, nullable: true, format: password,",
            "is for properties that are plain strings",
        ),
        (
            "items: {type: string}}\n        due:",
            "items: {type: string, format: password}}\n        due:",
            "is for properties that are plain strings",
        ),
        (
            "ParcelId: {type: string, format: id,",
            "ParcelId: {type: string, format: password,",
            "is for properties that are plain strings",
        ),
        (
            "fee: {type: number, format: decimal,",
            "fee: {type: number, format: password,",
            "is for properties that are plain strings",
        ),
        (
            "description: Up to where., schema: {type: string}",
            "description: Up to where., schema: {type: string, format: password}",
            "a secret does not belong into a URL",
        ),
        (
            "explode: false, schema: {type: array, items: {type: string}}",
            "explode: false, schema: {type: array, items: {type: string, format: password}}",
            "a secret does not belong into a URL",
        ),
        ("      x-repeat: never\n", "", "has no x-repeat"),
        (
            "      x-repeat: never\n",
            "      x-repeat: safe\n",
            "unknown x-repeat `safe`: use one of never",
        ),
        (
            "      x-repeat: never\n",
            "      x-repeat: never\n      x-repeat-reason: It goes out.\n",
            "x-repeat-reason is for a PUT or DELETE",
        ),
        ("    post:\n", "    put:\n", "has no x-repeat-reason"),
        (
            "x-repeat: never",
            "x-repeat: sometimes",
            "unknown x-repeat `sometimes`",
        ),
        (
            "x-versions: ['2024-07-30']",
            "x-versions: ['2024-07-31']",
            "unknown version `2024-07-31`",
        ),
        (
            "x-versions: ['2024-07-30']",
            "x-versions: []",
            "x-versions names no version",
        ),
        (
            "PUT /parcels/{id}/post",
            "SEND parcels",
            "is not `version: METHOD /path`",
        ),
        (
            "x-paginated: true",
            "x-paginated: 1",
            "x-paginated is `true` or absent",
        ),
        (
            "x-paginated: true",
            "x-paginated: true\n      x-rate-limit: fast",
            "x-rate-limit is `events` or absent",
        ),
        (
            "x-paginated: true",
            "x-paginated: true\n      x-repeat: never",
            "x-repeat has no meaning on get",
        ),
        (
            "{name: before, in: query",
            "{name: behind, in: query",
            "is paginated but has no parameter `before`",
        ),
        (
            "name: id, in: path, required: true",
            "name: id, in: path",
            "always `required: true`",
        ),
        ("name: id, in: path", "name: number, in: path", "the path names"),
        (
            "name: towns, in: query",
            "name: towns, in: header",
            "headers are the client's business",
        ),
        ("description: Which one., ", "", "has no description"),
        (
            "'200':\n          description: The parcel.",
            "'200':\n          description: ''",
            "has no description",
        ),
        (
            "description: The parcel.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}",
            "description: The parcel.\n          content: {}",
            "neither one named JSON schema nor application/pdf",
        ),
        (
            "      requestBody:\n        required: true\n",
            "      requestBody:\n",
            "is not `required: true`",
        ),
        (
            "schema: {$ref: '#/components/schemas/ParcelSend'}",
            "schema: {type: object}",
            "not one application/json reference",
        ),
        (
            "items: {$ref: '#/components/schemas/Depot'}",
            "items: {$ref: '#/components/schemas/Shed'}",
            "refers to #/components/schemas/Shed",
        ),
        (
            "NOT_SO_FAST: Some day.",
            "SLOW: Some day.",
            "enum and x-values disagree",
        ),
        (
            "enum: [FAST, NOT_SO_FAST]",
            "enum: [FAST, NOT_SO_FAST, FAST]",
            "an enum value is repeated",
        ),
        (
            "    Tube: {type: object, description: A tube., required: [form], properties: {form:",
            "    Tube: {type: object, description: A tube., required: [shape], properties: {shape:",
            "has no property `form`",
        ),
        (
            "TUBE: '#/components/schemas/Tube'}",
            "TUBE: '#/components/schemas/Box'}",
            "name different schemas",
        ),
        (
            "fee: {type: number, format: decimal,",
            "fee: {type: number, format: double,",
            "unknown type and format",
        ),
        (
            "fee: {type: number, format: decimal,",
            "fee: {type: number,",
            "unknown type and format",
        ),
        (
            "due: {type: string, format: date,",
            "due: {type: string, format: date, nullable: true,",
            "for optional properties of request bodies only",
        ),
        (
            "due: {type: string, format: date,",
            "due: {type: string, format: date, pattern: x,",
            "`pattern` is not supported",
        ),
        (
            "due: {type: string, format: date, description: The day.}",
            "due: {type: object, description: The day., properties: {}}",
            "is an object in place",
        ),
        (
            "due: {type: string, format: date, description: The day.}",
            "due: {type: string, enum: [a, b], description: The day.}",
            "is an enum in place",
        ),
        (
            "due: {type: string, format: date, description: The day.}",
            "due: {type: string, format: date}",
            "has no description",
        ),
        (
            "required: [id, weight]",
            "required: [id, weight, height]",
            "`height` is required but no property",
        ),
        (
            "    Depot: {type: object, description: A depot.,",
            "    Depot: {type: object,",
            "has no description",
        ),
        (
            "    ParcelId: {type: string",
            "    Spare: {type: string, description: Unused.}\n    ParcelId: {type: string",
            "is referred to by nothing",
        ),
        ("x-feature: depots, ", "", "has no x-feature"),
    ] {
        let error = broken(from, to);
        assert!(error.contains(message), "`{message}` is not in:\n{error}");
        assert!(error.starts_with("small.yaml:"), "no line in:\n{error}");
    }
    // The error responses of both operations.
    let without = SMALL.replace("        '5XX': {$ref: '#/components/responses/Failure'}\n", "");
    let document = Document::parse("small.yaml", &without).expect("YAML");
    let error = rules::check(document)
        .map(|_| ())
        .expect_err("no 5XX")
        .to_string();
    assert_eq!(
        error.matches("has no 5XX error response").count(),
        2,
        "all faults at once:\n{error}"
    );
}

#[test]
fn a_fault_says_file_line_and_place() {
    let error = broken("x-repeat: never", "x-repeat: sometimes");
    let line = 1
        + SMALL
            .lines()
            .position(|line| line.contains("/parcels/{id}/send"))
            .expect("there")
        + 1;
    assert!(
        error.starts_with(&format!(
            "small.yaml:{line}: /paths/~1parcels~1{{id}}~1send/post: "
        )),
        "{error}"
    );
}

#[test]
fn pruning_keeps_what_a_feature_reaches_and_nothing_else() {
    let only = |feature: &str| prune::to_features(checked(), &BTreeSet::from([feature.to_owned()]));
    let names = |document: &Document| {
        model::schemas(&document.root)
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    let parcels = only("parcels");
    assert_eq!(
        names(&parcels),
        [
            "Problem",
            "ParcelId",
            "Speed",
            "Box",
            "Tube",
            "Form",
            "Parcel",
            "ParcelSend"
        ]
    );
    assert_eq!(model::operations(&parcels.root).len(), 1);
    let depots = only("depots");
    assert_eq!(names(&depots), ["Problem", "Pagination", "Depot", "DepotPage"]);
    rules::check(parcels).expect("still keeps the rules");
    rules::check(depots).expect("still keeps the rules");
    let nothing = only("something-else");
    assert!(names(&nothing).is_empty() && model::operations(&nothing.root).is_empty());
}

#[test]
fn enums_ids_and_unions_become_types_of_ours() {
    let code: String = named::types(&checked())
        .iter()
        .map(|named| named.code.to_string())
        .collect();
    for part in [
        "open_enum! { #[doc = \"How fast.\"] pub enum Speed {",
        "#[doc = \"`NOT_SO_FAST`: Some day.\"] NotSoFast = \"NOT_SO_FAST\",",
        "id_type! { #[doc = \"Names a parcel.\"] pub struct ParcelId; }",
        "pub enum Form by \"form\" {",
        "Tube(Tube) = \"TUBE\",",
    ] {
        assert!(has(&code, part), "`{part}` is not in:\n{code}");
    }
}

#[test]
fn the_discriminator_is_the_unions_business() {
    let document = named::without_discriminators(checked());
    let member = &document.root["components"]["schemas"]["Box"];
    assert!(member["properties"]["form"].is_null());
    assert_eq!(member["required"].to_string(), r#"["side"]"#);
}

#[test]
fn the_generator_sees_text_parameters_and_nullable_lists() {
    let document = simplify::for_generator(checked());
    let list = &document.root["paths"]["/depots"]["get"]["parameters"];
    assert!(
        list.as_array()
            .expect("parameters")
            .iter()
            .all(|one| one["schema"]["type"] == "string"),
        "{list}"
    );
    let parcel = &document.root["components"]["schemas"]["Parcel"]["properties"];
    assert_eq!(parcel["marks"]["nullable"], true);
    assert_eq!(parcel["id"]["$ref"], "#/components/schemas/ParcelId", "unwrapped");
}

#[test]
fn fields_are_documented_ordered_and_exact() {
    let [types, ..] = build(checked()).expect("builds");
    for part in [
        "#[non_exhaustive] pub struct Parcel { ///In kilograms. #[serde(rename = \"weight\", with = \"crate::data::wire::decimal_text\")]",
        "pub weight: ::rust_decimal::Decimal, ///Its own id. #[serde(rename = \"id\")] pub id: crate::types::ParcelId,",
        "with = \"crate::data::wire::decimal_number_option\"",
        "pub speed: ::std::option::Option<crate::types::Speed>",
        "pub marks: ::std::option::Option<::std::vec::Vec<::std::string::String>>",
        "pub due: ::std::option::Option<::chrono::NaiveDate>",
        "skip_serializing_if = \"crate::data::Patch::is_keep\")] pub note: crate::data::Patch<::std::string::String>",
        "pub fn clear_note(mut self) -> Self",
        "pub fn no_marks(mut self) -> Self",
        "pub fn builder() -> ParcelSendBuilder",
    ] {
        assert!(has(&types, part), "`{part}` is not in:\n{types}");
    }
    assert!(!types.contains("ParcelBuilder"), "builders are for requests");
}

#[test]
fn a_replacement_that_never_fires_fails_the_build() {
    let document = checked();
    let named = named::types(&document);
    let plain = simplify::for_generator(named::without_discriminators(document));
    // As if the name of `Speed` had been misspelt: the generator closes the enum without a word.
    let misspelt: Vec<_> = named
        .iter()
        .filter(|one| one.schema != "Speed")
        .cloned()
        .collect();
    let file = generate::client(&plain, &misspelt).expect("the generator does not mind");
    let error = generate::every_replacement_fired(&plain, &file, &named)
        .expect_err("it did not fire")
        .to_string();
    assert!(
        error.contains("/components/schemas/Speed") && error.contains("did not use it"),
        "{error}"
    );
}

#[test]
fn what_the_generator_cannot_read_is_named_by_path() {
    let mut document = simplify::for_generator(checked());
    document.root["paths"]["/depots"]["get"]["responses"] = serde_json::json!(7);
    let error = generate::client(&document, &[])
        .expect_err("no OpenAPI")
        .to_string();
    assert!(error.contains("is not OpenAPI 3.0"), "{error}");
}

#[test]
fn calls_have_arguments_setters_and_a_description() {
    let [_, _, calls, _] = build(checked()).expect("builds");
    for part in [
        "pub fn send(&self, id: impl Into<types::ParcelId>, body: impl TryInto<types::ParcelSend, Error: Into<BuildError>>) -> ParcelSend",
        "const OPERATION: &'static Operation = &Operation { id: \"parcel_send\", versions: &[ApiVersion::V2024_05_09, ApiVersion::V2024_07_30], repeat: Repeat::Never",
        "pub fn towns(mut self, towns: impl IntoIterator<Item = impl Into<String>>) -> Self",
        "query::within(\"limit\", self.limit.as_ref(), 1i64, 100i64)?",
        "let id = segment(\"id\", &self.id, &[])?",
        "match version { ApiVersion::V2024_05_09 => requests.parcel_send_2024_05_09(&id, body), _ => requests.parcel_send(&id, body), }",
        "crate::call::paged_endpoint!(DepotList, types::DepotPage, types::Depot)",
        "(`postParcelsByIdSend`), in the API versions `2024-05-09`, `2024-07-30`",
    ] {
        assert!(has(&calls, part), "`{part}` is not in:\n{calls}");
    }
}

#[test]
fn generated_methods_are_cut_where_their_request_is_built() {
    let [_, requests, ..] = build(checked()).expect("builds");
    for part in [
        "pub(crate) fn parcel_send<'a>(&'a self, id: &'a Segment<'a>, body: &'a types::ParcelSend) -> ::reqwest::Result<::reqwest::Request>",
        "let url = format!(\"{}/parcels/{}/send\", self.baseurl, id);",
        "let url = format!(\"{}/parcels/{}/post\", self.baseurl, id);",
        ".json(&body).build()",
    ] {
        assert!(has(&requests, part), "`{part}` is not in:\n{requests}");
    }
    for part in ["async", "api-version", "header_map", "exec", "encode_path", "///"] {
        assert!(!requests.contains(part), "`{part}` is in:\n{requests}");
    }
}

#[test]
fn a_generated_method_of_another_shape_fails_the_build() {
    let document = simplify::for_generator(named::without_discriminators(checked()));
    let client = |body: &str| -> syn::File {
        let method = |name| format!("pub async fn {name}(&self) -> Result<(), ()> {{ {body} }}");
        let methods = ["parcel_send", "parcel_send_2024_05_09", "depot_list"].map(method);
        syn::parse_str(&format!("impl Client {{ {} }}", methods.join("\n"))).expect("Rust")
    };
    let good = "let url = format!(\"{}/x\", self.baseurl,); let mut request = self.client.get(url).build()?;";
    requests::keep(&document, &client(good)).expect("the shape that is known");
    for (body, problem) in [
        ("Ok(())", "declares no `request`"),
        (
            "let request = self.client.get(url);",
            "not the value of `build()?`",
        ),
        ("let request = self.make()?;", "not built by `build()`"),
        (
            "let mut header_map = new(); header_map.append(\"x-other\", 1); let request = self.a().build()?;",
            "sets a header",
        ),
        (
            "let url = format!(\"{}/{}\", self.baseurl, encode(&id.to_string())); let request = self.a().build()?;",
            "is not understood",
        ),
    ] {
        let faults = requests::keep(&document, &client(body))
            .expect_err(problem)
            .to_string();
        assert!(faults.contains(problem), "{body}: {faults}");
        assert!(
            faults.contains("`parcel_send`") && faults.contains("~1send/post"),
            "the operation is named: {faults}"
        );
    }
    let missing: syn::File = syn::parse_str("impl Client {}").expect("Rust");
    let faults = requests::keep(&document, &missing)
        .expect_err("no methods")
        .to_string();
    assert!(faults.contains("wrote no method `depot_list`"), "{faults}");
}

#[test]
fn a_literal_sibling_of_a_path_parameter_is_refused_as_its_value() {
    let text = SMALL.replace(
        "  /depots:\n    get:",
        "  /parcels/all/send:\n    post:\n      <<SIBLING>>\n  /depots:\n    get:",
    );
    let original = SMALL
        .split("  /parcels/{id}/send:\n    post:\n      ")
        .nth(1)
        .and_then(|rest| rest.split("  /depots:").next())
        .expect("the operation");
    let sibling = original
        .replace("parcel_send", "parcel_send_all")
        .replace("postParcelsByIdSend", "postParcelsAllSend")
        .replace("      x-former: {'2024-05-09': 'PUT /parcels/{id}/post'}\n", "");
    let sibling: String = sibling
        .lines()
        .filter(|line| !line.contains("name: id") && !line.contains("parameters:"))
        .map(|line| format!("{line}\n"))
        .collect();
    let text = text.replace("<<SIBLING>>\n", &sibling);
    let document =
        rules::check(Document::parse("small.yaml", &text).expect("YAML")).expect("keeps the rules");
    let [_, _, calls, _] = build(document).expect("builds");
    assert!(has(&calls, "segment(\"id\", &self.id, &[\"all\"])?"), "{calls}");
}

#[test]
fn the_surface_lists_operations_types_and_fields() {
    let [.., surface] = build(checked()).expect("builds");
    for line in [
        "client.parcels()  [feature parcels]",
        "  .send(id: ParcelId, body: ParcelSend) -> Parcel",
        "  .list() -> DepotPage, items",
        "      .towns([Text] by commas)",
        "struct ParcelSend  [builder]",
        "  note: Patch<String>",
        "enum Speed: FAST NOT_SO_FAST",
        "id ParcelId",
        "union Form: BOX=Box TUBE=Tube",
    ] {
        assert!(
            surface.lines().any(|found| found == line),
            "`{line}` is not in:\n{surface}"
        );
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(
        build(checked()).expect("builds"),
        build(checked()).expect("builds")
    );
}
