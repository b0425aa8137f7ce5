//! A proxy that can lose connections without a word, as a node does that is gone.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[derive(Default)]
struct Silence {
    /// Connections before this one are silent.
    below: AtomicUsize,
    opened: AtomicUsize,
    all: AtomicBool,
}

pub(crate) struct Proxy {
    pub(crate) port: u16,
    silence: Arc<Silence>,
}

impl Proxy {
    pub(crate) fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), silence: Arc::default() };
        let silence = Arc::clone(&proxy.silence);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let number = silence.opened.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let silence = Arc::clone(&silence);
                    std::thread::spawn(move || forward(from, to, number, &silence));
                }
            }
        });
        proxy
    }

    /// Nothing more passes through the connections that are open. They stay open.
    pub(crate) fn lose_open_connections(&self) {
        self.silence.below.store(self.silence.opened.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Whether bytes of every connection are dropped.
    pub(crate) fn lose(&self, all: bool) {
        self.silence.all.store(all, Ordering::SeqCst);
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, number: usize, silence: &Silence) {
    let mut bytes = [0; 4096];
    while let Ok(count) = from.read(&mut bytes) {
        let is_lost = silence.all.load(Ordering::SeqCst) || number < silence.below.load(Ordering::SeqCst);
        if count == 0 || (!is_lost && to.write_all(&bytes[..count]).is_err()) {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}
