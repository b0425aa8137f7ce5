//! What an SDK sends to the control API: a forwarder between the two that keeps the requests.

use anyhow::{Context, ensure};
use serde_json::Value;
use std::io::{Read, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

type Sent = Arc<Mutex<Vec<Connection>>>;

#[derive(Default)]
struct Connection {
    /// The bytes that were not read as requests yet.
    sent: Vec<u8>,
    is_closed: bool,
}

pub(crate) struct Wire {
    address: SocketAddr,
    sent: Sent,
    ended: Arc<AtomicBool>,
}

impl Wire {
    /// Forwards to the API at this URL.
    pub(crate) fn to(api: &str) -> anyhow::Result<Self> {
        let api = api.strip_prefix("http://").context("no http://")?.parse::<SocketAddr>()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let wire = Self { address: listener.local_addr()?, sent: Sent::default(), ended: Arc::default() };
        let (sent, ended) = (wire.sent.clone(), wire.ended.clone());
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::Acquire) {
                    break;
                }
                let sent = sent.clone();
                thread::spawn(move || {
                    let connection = with(&sent, |all| {
                        all.push(Connection::default());
                        all.len() - 1
                    });
                    // A connection that fails is an error of the SDK, and of its row.
                    drop(forward(client, api, &sent, connection));
                    with(&sent, |all| all[connection].is_closed = true);
                });
            }
        });
        Ok(wire)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests since the last call, such as `POST /sandboxes/{id}/pause {"memory":false}`. Requests that only read
    /// are omitted. Those of one connection are in their order.
    pub(crate) fn changes(&self, id: &str) -> anyhow::Result<Vec<String>> {
        let (late, mut changes) = (Instant::now() + Duration::from_secs(30), Vec::new());
        // The API may answer before it has read the end of a body that does not matter to it.
        while !self.take(id, &mut changes)? {
            ensure!(Instant::now() < late, "a request has no end");
            thread::sleep(Duration::from_millis(5));
        }
        Ok(changes)
    }

    /// Takes all whole requests, and returns whether nothing is left.
    fn take(&self, id: &str, changes: &mut Vec<String>) -> anyhow::Result<bool> {
        with(&self.sent, |all| {
            let mut is_done = true;
            for Connection { sent, is_closed } in all {
                while let Some((request, length)) = first_request(sent)? {
                    sent.drain(..length);
                    if !request.starts_with("GET ") {
                        changes.push(if id.is_empty() { request } else { request.replace(id, "{id}") });
                    }
                }
                // A client that has its answer may not send the rest.
                is_done &= *is_closed || sent.is_empty();
            }
            Ok(is_done)
        })
    }
}

fn with<R>(sent: &Sent, use_all: impl FnOnce(&mut Vec<Connection>) -> R) -> R {
    use_all(&mut sent.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Wire {
    /// One more connection wakes the listener.
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
    }
}

fn forward(mut client: TcpStream, api: SocketAddr, sent: &Sent, connection: usize) -> anyhow::Result<()> {
    let mut server = TcpStream::connect(api)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        drop(copy(&mut answers, &mut to_client));
        drop(to_client.shutdown(Shutdown::Both));
    });
    let mut buffer = [0; 4096];
    loop {
        let read = client.read(&mut buffer)?;
        let Some(read @ [_, ..]) = buffer.get(..read) else { return Ok(server.shutdown(Shutdown::Write)?) };
        // Before the API can answer, so that a call that has returned is kept whole.
        with(sent, |all| all[connection].sent.extend_from_slice(read));
        server.write_all(read)?;
    }
}

/// Returns the method, the path and the body of the first request, and its length in bytes. None if its end is missing.
fn first_request(sent: &[u8]) -> anyhow::Result<Option<(String, usize)>> {
    let Some((head, rest)) = split(sent, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(head)?;
    let mut lines = head.split("\r\n");
    let (request, _) = lines.next().and_then(|line| line.rsplit_once(' ')).context("no request line")?;
    let mut body = Some((Vec::new(), rest));
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = rest.split_at_checked(value.trim().parse()?).map(|(whole, left)| (whole.to_vec(), left));
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            body = chunked(rest)?;
        }
    }
    let Some((body, left)) = body else { return Ok(None) };
    let mut request = request.to_owned();
    if !body.is_empty() {
        // Without spaces, and with sorted names.
        request += &format!(" {}", serde_json::from_slice::<Value>(&body)?);
    }
    Ok(Some((request, sent.len() - left.len())))
}

/// Returns a body that was sent in chunks, and what follows it. None if its end is missing.
fn chunked(mut rest: &[u8]) -> anyhow::Result<Option<(Vec<u8>, &[u8])>> {
    let mut body = Vec::new();
    while let Some((length, after)) = split(rest, b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(length)?, 16)?;
        let Some((chunk, after)) = after.split_at_checked(length) else { break };
        let Some((end, after)) = after.split_at_checked(2) else { break };
        ensure!(end == b"\r\n", "a chunk of another length");
        body.extend_from_slice(chunk);
        rest = after;
        if length == 0 {
            return Ok(Some((body, rest)));
        }
    }
    Ok(None)
}

/// What stands before and after the first of these separators.
fn split<'s>(bytes: &'s [u8], separator: &[u8]) -> Option<(&'s [u8], &'s [u8])> {
    let at = bytes.windows(separator.len()).position(|found| found == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_one_after_the_other() -> anyhow::Result<()> {
        let (api, first, second) = (
            TcpListener::bind("127.0.0.1:0")?,
            "POST /a/x HTTP/1.1\r\ncontent-length: 9\r\n\r\n{\"b\": 1 }",
            "GET /b HTTP/1.1\r\n\r\nPOST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\
             {\r\n1\r\n}\r\n0\r\n\r\nPOST /d HTTP/1.1\r\n\r\n",
        );
        let wire = Wire::to(&format!("http://{}", api.local_addr()?))?;
        let mut client = TcpStream::connect(wire.address)?;
        client.write_all(first.as_bytes())?;
        client.write_all(second.as_bytes())?;
        client.shutdown(Shutdown::Write)?;
        let mut arrived = String::new();
        let mut answered = String::new();
        let (mut server, _) = api.accept()?;
        server.read_to_string(&mut arrived)?;
        server.write_all(b"an answer")?;
        drop(server);
        client.read_to_string(&mut answered)?;
        assert_eq!((arrived, answered.as_str()), (first.to_owned() + second, "an answer"));
        assert_eq!(wire.changes("x")?, [r#"POST /a/{id} {"b":1}"#, "POST /c {}", "POST /d"]);
        assert!(wire.changes("x")?.is_empty(), "each request once");
        Ok(())
    }

    #[test]
    fn request_that_its_client_gave_up_is_omitted() -> anyhow::Result<()> {
        let api = TcpListener::bind("127.0.0.1:0")?;
        let wire = Wire::to(&format!("http://{}", api.local_addr()?))?;
        let mut client = TcpStream::connect(wire.address)?;
        client.write_all(b"POST /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{")?;
        let (mut server, _) = api.accept()?;
        drop(client);
        server.read_to_end(&mut Vec::new())?;
        assert_eq!(wire.changes("x")?, ["POST /a"]);
        Ok(())
    }

    #[test]
    fn request_without_its_end_is_waited_for() -> anyhow::Result<()> {
        for sent in [
            "POST / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ] {
            for length in 0..sent.len() {
                assert!(first_request(&sent.as_bytes()[..length])?.is_none(), "{length} of {sent:?}");
            }
            assert_eq!(first_request(sent.as_bytes())?.map(|(_, length)| length), Some(sent.len()));
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for sent in [
            "POST\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{]",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
        ] {
            assert!(first_request(sent.as_bytes()).is_err(), "{sent}");
        }
    }
}
