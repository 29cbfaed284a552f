//! Custom templates: which one an entity is of, and where it comes from.

use super::parse::{CustomTemplate, Version};
use super::report::{Entry, Notes};

/// The template of a type such as `cvt_123_45`, or `cvt_` and its id in the gallery.
pub(super) fn template<'a>(version: &'a Version, kind: &str) -> Option<&'a CustomTemplate> {
    let id = kind.strip_prefix("cvt_")?;
    let own = id.rsplit_once('_').map_or(id, |(_, own)| own);
    let by_own = |template: &&CustomTemplate| id.contains('_') && template.template_id == own;
    let by_gallery = |template: &&CustomTemplate| {
        template.gallery_reference.gallery_template_id == id || template.template_data.contains(&format!("\"id\": \"{kind}\""))
    };
    version.custom_template.iter().find(by_own).or_else(|| version.custom_template.iter().find(by_gallery))
}

/// `owner/repository` in the gallery, in small letters; empty for one of the site's own.
pub(super) fn source(template: &CustomTemplate) -> String {
    let from = &template.gallery_reference;
    if from.owner.is_empty() { String::new() } else { format!("{}/{}", from.owner, from.repository).to_lowercase() }
}

/// What is done for a template instead of running it.
pub(super) enum Known {
    /// Its tags become tags of one of Tidegate's templates.
    Tags(Family),
    /// Its variables become variables.
    Variables,
    /// The config's `consent` does it; the words say how.
    Consent(&'static str),
    /// A consent platform, by its word in `consent`: it belongs on the page itself.
    Platform(&'static str),
}

pub(super) enum Family {
    Facebook,
    TikTok,
}

pub(super) fn known(template: &CustomTemplate) -> Option<Known> {
    let source = source(template);
    Some(match source.as_str() {
        "facebookarchive/googletagmanager-webtemplate-for-facebookpixel"
        | "facebook/googletagmanager-webtemplate-for-facebookpixel" => Known::Tags(Family::Facebook),
        "tiktok/gtm-template-pixel" => Known::Tags(Family::TikTok),
        "gtm-templates-knowit-experience/gtm-ga4-ecom-items-dlv-version-1-variable" => Known::Variables,
        _ if source.contains("unique-event-id") => Known::Variables,
        "gtm-templates-simo-ahava/consent-mode" => Known::Consent(
            "Tidegate tells Google itself, by consent.googleConsentMode, what the visitor decided: connect the banner by consent.cmp or analytics.consent.set",
        ),
        _ if source.starts_with("cybotcorp/") || source.contains("cookiebot") => Known::Platform("cookiebot"),
        _ if source.contains("onetrust") || source.contains("cookiepro") => Known::Platform("onetrust"),
        _ if source.contains("usercentrics") => Known::Platform("usercentrics"),
        _ if source.contains("didomi") => Known::Platform("didomi"),
        _ if source.contains("iubenda") => Known::Platform("iubenda"),
        _ if source.contains("cookieyes") => Known::Platform("cookieyes"),
        _ => return None,
    })
}

/// What became of the templates themselves.
pub(super) fn report(version: &Version) -> Vec<Entry> {
    let entry = |template: &CustomTemplate| {
        let mut notes = Notes::default();
        let left_out = match known(template) {
            Some(Known::Tags(_) | Known::Variables) => {
                notes.change("its code is not run: Tidegate does the same by a template or variable of its own");
                None
            }
            Some(Known::Consent(how)) => {
                notes.change(how);
                None
            }
            Some(Known::Platform(name)) => Some(platform(name)),
            None => Some("the code of a custom template is not run here: write a template of Tidegate's for it".into()),
        };
        notes.entry("template", &template.name, &template.template_id, left_out)
    };
    version.custom_template.iter().map(entry).collect()
}

/// Why a consent platform's own tag is left out.
pub(super) fn platform(name: &str) -> String {
    format!("put the consent platform's script on the page itself; consent.cmp hears {name}, before any tag")
}
