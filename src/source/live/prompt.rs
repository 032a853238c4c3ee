//! The password that a person types.

use std::sync::atomic::Ordering;

use super::interrupt::show_again;
use super::url::{DatabaseUrl, Secret};

/// Asks at the terminal, once for all clones of the URL. `None` if nobody can be asked or nothing
/// was typed.
pub(super) fn prompt(url: &DatabaseUrl) -> Option<Secret> {
    let question = format!("Password of {} on {}: ", url.user(), url.endpoint());
    show_again();
    url.prompting.store(true, Ordering::Relaxed);
    let typed = rpassword::prompt_password(question);
    url.prompting.store(false, Ordering::Relaxed);
    let typed = typed.ok().filter(|typed| !typed.is_empty())?;
    Some(url.prompted.get_or_init(|| Secret(typed)).clone())
}
