//! A proxy between a client and the real server that damages one packet of the server.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::proxy;

/// What happens to the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evil {
    /// It is held back: the connection stays open and no more bytes come.
    Stall,
    /// It is empty.
    Empty,
    /// It is one byte.
    LoneByte(u8),
    /// It is cut in the middle.
    Short,
    /// One of its bytes is changed.
    Flip(u64),
    /// It announces this number of columns.
    Columns(u64),
    /// It announces more bytes than it has, and then the connection ends.
    Long,
    /// It is followed by others without end.
    Endless,
    /// Its sequence number is wrong.
    OutOfOrder,
    /// It is random bytes.
    Random(u64),
    /// The connection ends.
    End,
}

/// Starts a proxy that damages the packet of this number on every connection.
pub(crate) fn start(server: &str, number: usize, evil: Evil) -> io::Result<u16> {
    proxy::start(server, move |from, to| {
        // If a connection breaks, it simply ends.
        let _ = spoil(from, to, number, evil);
    })
}

fn spoil(mut from: &TcpStream, mut to: &TcpStream, number: usize, evil: Evil) -> io::Result<()> {
    for count in 0.. {
        let mut header = [0; 4];
        from.read_exact(&mut header)?;
        let length = u32::from_le_bytes([header[0], header[1], header[2], 0]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        from.read_exact(&mut payload)?;
        if count != number {
            to.write_all(&packet(header[3], &payload))?;
            continue;
        }
        let sequence = header[3];
        let spoilt = match evil {
            Evil::Stall => {
                std::thread::sleep(Duration::from_secs(30));
                return Ok(());
            }
            Evil::End => return Ok(()),
            Evil::Empty => packet(sequence, &[]),
            Evil::LoneByte(byte) => packet(sequence, &[byte]),
            Evil::Short => packet(sequence, &payload[..payload.len() / 2]),
            Evil::Flip(seed) => {
                let mut random = Random(seed);
                for _ in 0..=random.next() % 3 {
                    let at = usize::try_from(random.next()).unwrap() % payload.len().max(1);
                    if let Some(byte) = payload.get_mut(at) {
                        *byte = random.next().to_le_bytes()[0];
                    }
                }
                packet(sequence, &payload)
            }
            Evil::Columns(columns) => {
                let mut spoilt = vec![0xfe];
                spoilt.extend(columns.to_le_bytes());
                packet(sequence, &spoilt)
            }
            Evil::Long => {
                to.write_all(&[0xff, 0xff, 0xff, sequence, 1, 2, 3])?;
                return Ok(());
            }
            Evil::Endless => {
                to.write_all(&packet(sequence, &payload))?;
                let mut next = sequence;
                let more = vec![b'a'; 1 << 20];
                loop {
                    next = next.wrapping_add(1);
                    to.write_all(&packet(next, &more))?;
                }
            }
            Evil::OutOfOrder => packet(sequence.wrapping_add(7), &payload),
            Evil::Random(seed) => {
                let mut random = Random(seed);
                let length = random.next() % 300;
                let bytes: Vec<u8> = (0..length).map(|_| random.next().to_le_bytes()[0]).collect();
                packet(sequence, &bytes)
            }
        };
        to.write_all(&spoilt)?;
    }
    Ok(())
}

fn packet(sequence: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_le_bytes();
    let mut packet = vec![length[0], length[1], length[2], sequence];
    packet.extend_from_slice(payload);
    packet
}

/// Numbers that look random, the same for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
