//! What Segment's analytics.js keeps of a visitor, for who comes from there.
//! <https://segment.com/docs/connections/sources/catalog/libraries/website/javascript/cookie-validity-update/>

use crate::cookies::cookie;
use crate::effect::Effects;
use crate::json::{Kind, kind, push_member, push_text, valid};

/// Its names, of local storage and cookies alike, and the members of our stored identity that they become.
const NAMES: [(&str, &str); 5] = [
    ("ajs_anonymous_id", "anonymousId"),
    ("ajs_user_id", "userId"),
    ("ajs_user_traits", "traits"),
    ("ajs_group_id", "groupId"),
    ("ajs_group_properties", "groupTraits"),
];

/// Reads it as what we would have stored, from local storage by `read`, else from the cookies; nothing where there is nothing.
/// Texts may be JSON or bare, as its versions differ.
pub fn read_segment(read: &dyn Fn(&str) -> Option<String>, cookies: &str) -> Option<String> {
    let mut out = String::from("{\"v\":1");
    let before = out.len();
    for (name, key) in NAMES {
        let fits = |text: &String| match kind_of(text) {
            Kind::Object => key.ends_with("raits"),
            Kind::String | Kind::Number => !key.ends_with("raits"),
            _ => false,
        };
        let Some(text) = read(name).filter(fits).or_else(|| cookie(cookies, name).filter(fits)) else { continue };
        if valid(&text) && kind(&text) != Kind::Number {
            push_member(&mut out, key, &text);
        } else {
            push_text(&mut out, key, &text);
        }
    }
    let is_found = out.len() > before;
    out.push('}');
    is_found.then_some(out)
}

/// What is no JSON is a text.
fn kind_of(text: &str) -> Kind {
    if valid(text) { kind(text) } else { Kind::String }
}

/// Deletes it: the visitor took back what let it be taken over, or somebody else begins.
pub(crate) fn erase_segment(out: &mut Effects) {
    for (name, _) in NAMES {
        out.remove(name);
        out.cookie(name, "", 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_from_storage_before_cookies_as_json_or_bare() {
        let stored = |key: &str| {
            let text = match key {
                "ajs_anonymous_id" => "\"a-\\u00e9\"",
                "ajs_user_traits" => "{\"plan\":\"sea\"}",
                "ajs_group_properties" => "[1]",
                "ajs_user_id" => "null",
                _ => return None,
            };
            Some(text.to_owned())
        };
        let cookies = r#"["ajs_anonymous_id=other","ajs_user_id=7","ajs_group_id=\"g\""]"#;
        let wanted = r#"{"v":1,"anonymousId":"a-\u00e9","userId":"7","traits":{"plan":"sea"},"groupId":"g"}"#;
        assert_eq!(read_segment(&stored, cookies).as_deref(), Some(wanted));
        assert_eq!(read_segment(&|_| None, ""), None);
    }
}
