//! The password that a person types.

use std::sync::atomic::Ordering;

use super::url::{DatabaseUrl, Secret};

/// Asks at the terminal, once for all clones of the URL.
pub(super) fn prompt(url: &DatabaseUrl) -> Option<Secret> {
    let question = format!("Password of {} on {}: ", url.user(), url.endpoint());
    show_again_when_interrupted();
    url.prompting.store(true, Ordering::Relaxed);
    let typed = rpassword::prompt_password(question);
    url.prompting.store(false, Ordering::Relaxed);
    let typed = typed.ok().filter(|typed| !typed.is_empty())?;
    Some(url.prompted.get_or_init(|| Secret(typed)).clone())
}

/// From here on Ctrl-C ends the process only after the terminal shows again what is typed. It ends it
/// whatever the process does by then: the handler stays.
#[cfg(unix)]
fn show_again_when_interrupted() {
    use std::io::stdin;
    use std::sync::{Once, mpsc};

    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use tokio::signal::unix::{SignalKind, signal};

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(before) = tcgetattr(stdin()) else { return };
        let (ready, listening) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let interrupted = runtime.block_on(async {
                let mut signals = signal(SignalKind::interrupt()).ok()?;
                ready.send(()).ok()?;
                signals.recv().await
            });
            if interrupted.is_some() {
                // There is nowhere to report a terminal that doesn't take it.
                let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
                // As the shells have it: 128 and the signal's number.
                #[allow(clippy::exit)]
                std::process::exit(130);
            }
        });
        // Not before there is somebody to turn it on again may the terminal's echo be turned off.
        let _ = listening.recv();
    });
}

#[cfg(not(unix))]
fn show_again_when_interrupted() {}
