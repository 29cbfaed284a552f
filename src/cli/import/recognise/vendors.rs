//! Vendors' snippets, told by the marks that every copy of them has.

mod snippets;

use super::js::is_letter;
use super::script::{Own, Script, read};
use crate::import::consent::Product;
use serde_json::{Map, Value};
pub(crate) use snippets::is_page_view;

/// A vendor whose snippets are known.
pub(crate) struct Vendor {
    pub(crate) template: &'static str,
    pub(crate) product: Product,
    /// What tells its snippet.
    pub(crate) marks: &'static [&'static str],
    /// What tells its loader within a script.
    pub(crate) loaders: &'static [&'static str],
    globals: &'static [&'static str],
    kind: Kind,
}

enum Kind {
    Meta,
    TikTok,
    LinkedIn,
    Clarity,
    Hotjar,
    MicrosoftAds,
    /// `f('init', id)`: the function, the words that come before the id, and the parameter it is.
    Queue {
        function: &'static str,
        init: &'static [&'static str],
        id: &'static str,
    },
}

use Product::{Ads, Analytics};

const VENDORS: [Vendor; 10] = [
    Vendor {
        template: "meta-pixel",
        product: Ads,
        marks: &["fbevents.js", "fbq("],
        loaders: &["fbevents.js"],
        globals: &["fbq", "_fbq"],
        kind: Kind::Meta,
    },
    Vendor {
        template: "microsoft-clarity",
        product: Analytics,
        marks: &["clarity.ms/tag", "clarity("],
        loaders: &["clarity.ms/tag"],
        globals: &["clarity"],
        kind: Kind::Clarity,
    },
    Vendor {
        template: "linkedin",
        product: Ads,
        marks: &["_linkedin_partner_id", "lintrk("],
        loaders: &["snap.licdn.com"],
        globals: &["lintrk", "_linkedin_partner_id", "_linkedin_data_partner_ids"],
        kind: Kind::LinkedIn,
    },
    Vendor {
        template: "tiktok",
        product: Ads,
        marks: &["analytics.tiktok.com", "ttq."],
        loaders: &["analytics.tiktok.com"],
        globals: &["ttq"],
        kind: Kind::TikTok,
    },
    Vendor {
        template: "hotjar",
        product: Analytics,
        marks: &["static.hotjar.com", "hjid", "hj("],
        loaders: &["static.hotjar.com"],
        globals: &["hj", "_hjSettings"],
        kind: Kind::Hotjar,
    },
    Vendor {
        template: "microsoft-ads",
        product: Ads,
        marks: &["bat.bing.com", "uetq"],
        loaders: &["bat.bing.com"],
        globals: &["uetq"],
        kind: Kind::MicrosoftAds,
    },
    Vendor {
        template: "pinterest",
        product: Ads,
        marks: &["pintrk"],
        loaders: &["s.pinimg.com"],
        globals: &["pintrk"],
        kind: Kind::Queue { function: "pintrk", init: &["load"], id: "tagId" },
    },
    Vendor {
        template: "snap",
        product: Ads,
        marks: &["snaptr"],
        loaders: &["sc-static.net"],
        globals: &["snaptr"],
        kind: Kind::Queue { function: "snaptr", init: &["init"], id: "pixelId" },
    },
    Vendor {
        template: "x",
        product: Ads,
        marks: &["twq("],
        loaders: &["static.ads-twitter.com"],
        globals: &["twq"],
        kind: Kind::Queue { function: "twq", init: &["config", "init"], id: "pixelId" },
    },
    Vendor {
        template: "reddit",
        product: Ads,
        marks: &["rdt("],
        loaders: &["redditstatic.com"],
        globals: &["rdt"],
        kind: Kind::Queue { function: "rdt", init: &["init"], id: "pixelId" },
    },
];

/// The vendors that a text is of.
pub(crate) fn vendors(text: &str) -> Vec<&'static Vendor> {
    VENDORS.iter().filter(|vendor| vendor.marks.iter().any(|mark| has(text, mark))).collect()
}

/// Whether a text has a mark that is not the end of a longer name.
fn has(text: &str, mark: &str) -> bool {
    let is_longer = |at: usize| text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_letter);
    text.match_indices(mark).any(|(at, _)| !is_longer(at))
}

/// What a snippet becomes: the parameters of its tags, those of pixels that it does not name itself being open.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) tags: Vec<Map<String, Value>>,
    /// What is in it beside.
    pub(crate) left: Vec<String>,
}

impl Vendor {
    /// A script that has snippets of several vendors, as this one's. Whether another's is there is no question of the site's either.
    pub(crate) fn script(&self, code: &str, all: &[&Vendor]) -> Script {
        let globals: Vec<&str> = all.iter().flat_map(|vendor| vendor.globals).copied().collect();
        let others = all.iter().filter(|vendor| vendor.template != self.template);
        let others: Vec<&str> = others.flat_map(|vendor| vendor.loaders).copied().collect();
        read(code, Own { loaders: self.loaders, globals: &globals, others: &others })
    }

    /// Whether what is left of a script is this vendor's.
    pub(crate) fn has_made(&self, left: &str) -> bool {
        let made = |global: &&str| left.strip_prefix(*global).is_some_and(|rest| rest.starts_with(['(', '.', ' ']));
        self.globals.iter().any(made)
    }

    /// Reads a snippet.
    pub(crate) fn read(&self, script: &Script, code: &str) -> Result<Found, String> {
        let mut found = match self.kind {
            Kind::Meta => snippets::meta(script),
            Kind::TikTok => snippets::tiktok(script),
            Kind::LinkedIn => snippets::linkedin(script),
            Kind::Clarity => snippets::clarity(script, code),
            Kind::Hotjar => snippets::hotjar(script, code),
            Kind::MicrosoftAds => snippets::uet(script, code),
            Kind::Queue { function, init, id } => snippets::queue(script, function, init, id),
        }?;
        if self.template == "x" {
            // Its template sends nothing that is not named.
            found.tags.iter_mut().for_each(|tag| drop(tag.remove("sends")));
        }
        Ok(found)
    }

    /// Whether the id is part of the address of the vendor's script.
    pub(crate) fn has_id_in_address(&self) -> bool {
        matches!(self.template, "microsoft-clarity" | "tiktok" | "hotjar" | "reddit")
    }

    /// The parameter that says whose pixel it is; a snippet may leave it to another tag's.
    pub(crate) fn id(&self) -> &'static str {
        match self.kind {
            Kind::LinkedIn => "partnerId",
            Kind::Clarity => "projectId",
            Kind::Hotjar => "siteId",
            Kind::MicrosoftAds => "tagId",
            Kind::Queue { id, .. } => id,
            Kind::Meta | Kind::TikTok => "pixelId",
        }
    }
}
