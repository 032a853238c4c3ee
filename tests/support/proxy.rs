//! Something between a client and a server, on a port of its own.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};

/// Starts one. What the client sends goes to the server as it is; what the server sends goes through
/// `answers`, from the first stream to the second, and the connection ends with it.
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
