//! A proxy between the binary and the server that acts at one point of what they say to each other.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// What is to be done about a packet of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is passed on.
    Pass,
    /// It isn't passed on: the proxy acts, and the connection ends.
    ActBefore,
    /// It is passed on, the proxy acts at once, and the connection ends.
    ActAfter,
    /// It is passed on. When its answer has come the proxy acts, and the connection ends without it.
    ActAtAnswer,
    /// The same, but the connection stays, and the answer is passed on after the act.
    Hold,
}

/// Looks at the packets of all connections, in order.
pub(crate) type Decide = Box<dyn FnMut(&[u8]) -> Step + Send>;

/// What the proxy does, once.
pub(crate) type Act = Box<dyn FnOnce() + Send>;

/// A proxy that passes everything until it acts, and again from then on.
pub(crate) struct Proxy {
    /// Its port on 127.0.0.1.
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    decide: Mutex<Decide>,
    act: Mutex<Option<Act>>,
    has_acted: AtomicBool,
    is_done: (Mutex<bool>, Condvar),
    /// Whether connections are refused after the act.
    denies: bool,
}

impl Proxy {
    pub(crate) fn start(server: &str, denies: bool, decide: Decide, act: Act) -> io::Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            decide: Mutex::new(decide),
            act: Mutex::new(Some(act)),
            has_acted: AtomicBool::new(false),
            is_done: Default::default(),
            denies,
        });
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&of_thread);
                // If a connection can't be made, the client sees it end.
                let _ = connect(client, shared);
            }
        });
        Ok(Proxy { port, shared })
    }

    /// Whether the point was reached. Then the act is over.
    pub(crate) fn has_acted(&self) -> bool {
        let has_acted = self.shared.has_acted.load(Ordering::SeqCst);
        if has_acted {
            let (is_done, signal) = &self.shared.is_done;
            let is_done = is_done.lock().unwrap_or_else(PoisonError::into_inner);
            drop(signal.wait_while(is_done, |is_done| !*is_done));
        }
        has_acted
    }
}

impl Shared {
    fn act(&self) {
        let act = self.act.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.has_acted.store(true, Ordering::SeqCst);
        if let Some(act) = act {
            act();
            let (is_done, signal) = &self.is_done;
            *is_done.lock().unwrap_or_else(PoisonError::into_inner) = true;
            signal.notify_all();
        }
    }
}

/// What awaits the next answer.
#[derive(Default)]
struct Awaited {
    acts: AtomicBool,
    ends: AtomicBool,
}

fn connect(client: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    if shared.denies && shared.has_acted.load(Ordering::SeqCst) {
        return Ok(());
    }
    let server = TcpStream::connect(&shared.server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let awaited = Arc::new(Awaited::default());
    let (of_client, of_server) = (client.try_clone()?, server.try_clone()?);
    let (other_shared, other_awaited) = (Arc::clone(&shared), Arc::clone(&awaited));
    std::thread::spawn(move || {
        let _ = requests(&of_client, &of_server, &other_shared, &other_awaited);
        end(&of_client, &of_server);
    });
    std::thread::spawn(move || {
        let _ = answers(&server, &client, &shared, &awaited);
        end(&server, &client);
    });
    Ok(())
}

fn requests(
    mut client: &TcpStream,
    mut server: &TcpStream,
    shared: &Shared,
    awaited: &Awaited,
) -> io::Result<()> {
    loop {
        let mut packet = vec![0; 4];
        client.read_exact(&mut packet)?;
        let length = u32::from_le_bytes([packet[0], packet[1], packet[2], 0]);
        packet.resize(4 + usize::try_from(length).unwrap(), 0);
        client.read_exact(&mut packet[4..])?;
        let step = match shared.has_acted.load(Ordering::SeqCst) {
            true => Step::Pass,
            false => shared.decide.lock().unwrap_or_else(PoisonError::into_inner)(&packet[4..]),
        };
        match step {
            Step::Pass => {}
            Step::ActBefore => {
                shared.act();
                return Ok(());
            }
            Step::ActAfter => {
                server.write_all(&packet)?;
                shared.act();
                return Ok(());
            }
            Step::ActAtAnswer | Step::Hold => {
                awaited.ends.store(step == Step::ActAtAnswer, Ordering::SeqCst);
                awaited.acts.store(true, Ordering::SeqCst);
            }
        }
        server.write_all(&packet)?;
    }
}

fn answers(
    mut server: &TcpStream,
    mut client: &TcpStream,
    shared: &Shared,
    awaited: &Awaited,
) -> io::Result<()> {
    let mut bytes = vec![0; 1 << 16];
    loop {
        let read = server.read(&mut bytes)?;
        if read == 0 {
            return Ok(());
        }
        if awaited.acts.swap(false, Ordering::SeqCst) {
            shared.act();
            if awaited.ends.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
        client.write_all(&bytes[..read])?;
    }
}

fn end(one: &TcpStream, other: &TcpStream) {
    let _ = (one.shutdown(Shutdown::Both), other.shutdown(Shutdown::Both));
}

/// The text of a query; empty for any other packet.
pub(crate) fn query(packet: &[u8]) -> &str {
    match packet {
        [3, text @ ..] => std::str::from_utf8(text).unwrap_or_default(),
        _ => "",
    }
}
