//! The path of a request that is built at run time: a template with a value for each of its parameters.
//!
//! The template is a part of the program (`&'static str`), so that no value gets into a path unencoded.

use std::borrow::Cow;

use crate::data::{InvalidInput, Segment};

/// Returns the names of the parameters of a template, or an error if it could lead to another place than it shows.
pub(super) fn parameters(template: &'static str) -> Result<Vec<&'static str>, InvalidInput> {
    let invalid = |problem: &str| Err(InvalidInput::new("path", problem));
    let Some(path) = template.strip_prefix('/') else {
        return invalid("must begin with `/`, such as `/invoices/{id}`; the client adds the host");
    };
    let mut names = Vec::new();
    for segment in path.split('/') {
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if name.is_empty() || names.contains(&name) {
                return invalid("each parameter needs a name of its own, such as `{id}`");
            }
            names.push(name);
        } else if segment.is_empty() {
            return invalid("must not have an empty segment");
        } else if segment == "." || segment == ".." {
            return invalid("must not have `.` or `..`, which would call another endpoint");
        } else if !segment.chars().all(is_literal) {
            return invalid(
                "segments have letters, digits and `-._~`, or are a parameter such as `{id}`; set values with `segment` and `query`",
            );
        }
    }
    Ok(names)
}

/// The unreserved characters of RFC 3986.
fn is_literal(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~".contains(character)
}

/// Returns the path with the segments in place of the parameters.
pub(super) fn expand<'v>(
    template: &'static str,
    segment: impl Fn(&'static str) -> Result<Segment<'v>, InvalidInput>,
) -> Result<String, InvalidInput> {
    parameters(template)?;
    let mut path = String::with_capacity(template.len() + 32);
    for part in template.split('/').skip(1) {
        let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let text: Cow<'_, str> = match name {
            Some(name) => segment(name)?.to_string().into(),
            None => part.into(),
        };
        path.push('/');
        path.push_str(&text);
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_leads_where_it_shows() {
        assert_eq!(parameters("/new-things"), Ok(vec![]));
        assert_eq!(parameters("/a/{id}/b_c/{other}"), Ok(vec!["id", "other"]));
        for bad in [
            "",
            "new-things",
            "https://example.com/x",
            "//example.com/x",
            "/",
            "/a//b",
            "/a/",
            "/a/../b",
            "/./a",
            "/%2e%2e/a",
            "/a?b=c",
            "/a#b",
            r"/a\..\b",
            "/a b",
            "/a\n",
            "/ä",
            "/a/{}",
            "/{id}/{id}",
            "/x-{id}",
            "/@example.com:80",
        ] {
            assert_eq!(
                parameters(bad).map_err(|input| input.name),
                Err("path"),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_value_takes_the_place_of_its_parameter() {
        let value = |name| Segment::new(name, if name == "id" { "a/b" } else { "c" }, &[]);
        assert_eq!(expand("/x/{id}/y/{other}", value).as_deref(), Ok("/x/a%2Fb/y/c"));
        assert!(expand("/x/{id}", |name| Segment::new(name, "..", &[])).is_err());
    }
}
