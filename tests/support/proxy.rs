//! A proxy between a client and a server, on a port of its own.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};

/// Starts a proxy. What the client sends is passed on unchanged. What the server sends goes through
/// `answers`, from the first stream to the second; the connection ends when it returns.
pub fn start(
    server: &str,
    answers: impl Fn(&TcpStream, &TcpStream) + Clone + Send + 'static,
) -> io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let server = server.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(upstream) = TcpStream::connect(&server) else { return };
            let (Ok(from), Ok(to)) = (client.try_clone(), upstream.try_clone()) else { return };
            std::thread::spawn(move || {
                let _ = io::copy(&mut &from, &mut &to);
                end(&from, &to);
            });
            let answers = answers.clone();
            std::thread::spawn(move || {
                answers(&upstream, &client);
                end(&upstream, &client);
            });
        }
    });
    Ok(port)
}

fn end(one: &TcpStream, other: &TcpStream) {
    let _ = (one.shutdown(Shutdown::Both), other.shutdown(Shutdown::Both));
}
