//! The password that a person types.

use std::sync::atomic::Ordering;

use super::url::{DatabaseUrl, Secret};

/// Asks at the terminal, once for all clones of the URL. `None` if nobody can be asked or nothing
/// was typed.
pub(super) fn prompt(url: &DatabaseUrl) -> Option<Secret> {
    let question = format!("Password of {} on {}: ", url.user(), url.endpoint());
    show_again_when_interrupted();
    url.prompting.store(true, Ordering::Relaxed);
    let typed = rpassword::prompt_password(question);
    url.prompting.store(false, Ordering::Relaxed);
    let typed = typed.ok().filter(|typed| !typed.is_empty())?;
    Some(url.prompted.get_or_init(|| Secret(typed)).clone())
}

/// From here on Ctrl-C first switches the terminal's echo on again and then ends the process. The
/// handler stays for the rest of the process.
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
                // If the terminal refuses, there is nowhere to report it.
                let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
                // The shells' exit code for a signal: 128 and the signal's number.
                #[allow(clippy::exit)]
                std::process::exit(130);
            }
        });
        // The terminal's echo may be switched off only after the handler that switches it on again
        // is there.
        let _ = listening.recv();
    });
}

#[cfg(not(unix))]
fn show_again_when_interrupted() {}
