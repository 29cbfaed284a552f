//! Merging JSON text.

use super::{Kind, elements, kind, member, members, push_member};

/// Appends `old` with `new` merged in: objects by key, arrays by position, anything else is replaced. This is the merge of
/// Google's documented data-layer model.
pub fn push_deep(out: &mut String, old: &str, new: &str) {
    match (kind(old), kind(new)) {
        (Kind::Object, Kind::Object) => {
            out.push('{');
            for (key, old) in members(old) {
                push_member(out, &key, "");
                match member(new, &key) {
                    Some(new) => push_deep(out, old, new),
                    None => out.push_str(old),
                }
            }
            for (key, new) in members(new) {
                if member(old, &key).is_none() {
                    push_member(out, &key, new);
                }
            }
            out.push('}');
        }
        (Kind::Array, Kind::Array) => {
            out.push('[');
            let (mut old, mut new) = (elements(old), elements(new));
            let mut comma = "";
            loop {
                let (old, new) = (old.next(), new.next());
                let Some(either) = new.or(old) else { break };
                out.push_str(comma);
                match old {
                    Some(old) if new.is_some() => push_deep(out, old, either),
                    _ => out.push_str(either),
                }
                comma = ",";
            }
            out.push(']');
        }
        _ => out.push_str(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_as_a_data_layer_does() {
        let merged = |old, new| {
            let mut out = String::new();
            push_deep(&mut out, old, new);
            out
        };
        let wanted = r#"{"a":{"x":1,"list":[9,2,3],"y":2},"b":{"c":null}}"#;
        assert_eq!(merged(r#"{"a":{"x":1,"list":[1,2,3]},"b":7}"#, r#"{"a":{"y":2,"list":[9]},"b":{"c":null}}"#), wanted);
        assert_eq!(merged(r#"{"a":[{"x":1}],"b":[]}"#, r#"{"a":[{"y":"\""},5],"b":{}}"#), r#"{"a":[{"x":1,"y":"\""},5],"b":{}}"#);
        assert_eq!(merged("{}", "{}"), "{}");
    }
}
