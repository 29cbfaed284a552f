//! The page's cookies, as the shim gives them: a JSON list of texts `name=value`, decoded.

use crate::json::{elements, text_of};
use crate::text::cut;

/// A cookie's value by its name; nothing where there is none, or it is empty.
pub fn cookie(all: &str, name: &str) -> Option<String> {
    elements(all).find_map(|raw| {
        let pair = text_of(raw);
        let (_, value) = cut(&pair, "=").filter(|(found, value)| *found == name && !value.is_empty())?;
        Some(value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let all = r#"["a=1","xtg_user_id=2","tg_user_id=\"J\u00f8rgen\"","e=","f=a=b"]"#;
        let found = |name| cookie(all, name);
        assert_eq!(found("tg_user_id").as_deref(), Some("\"Jørgen\""));
        assert_eq!([found("a").as_deref(), found("f").as_deref()], [Some("1"), Some("a=b")]);
        assert_eq!([found("user_id"), found("e"), cookie("", "a")], [None, None, None]);
    }
}
