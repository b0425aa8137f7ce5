//! Why a file URL, a traffic pass, a signed host or a webhook is refused, and which single change of a field would make its
//! signature right. For people who hold the token and look for a mistake. And what a text is and says, for people who hold no secret
//! at all. No server needs it, so it is behind the feature `explain`.
//!
//! A change is reported only after the URL with exactly this change was verified, by the same code that verifies every URL.
//! The changed URL may still be refused for its time or its scope.
//!
//! At most 64 changes are tried, each with every token. Each takes time linear in the length of the query. Nothing is
//! allocated; [`file_url`] needs less than 16 KiB of stack in an optimised build.

mod candidates;
mod change;
mod describe;
mod description;
mod edited_body;
mod explanation;
mod file_url;
mod link;
mod said;
mod shown;
mod text;
mod traffic;
mod webhook;

pub use change::{Change, Value};
pub use describe::describe;
pub use description::{Description, Format, Kind};
pub use explanation::Explanation;
pub use file_url::file_url;
pub use text::Text;
pub use traffic::{pass, signed_host};
pub use webhook::{WebhookDiffers, WebhookExplanation, WebhookMade, webhook};
