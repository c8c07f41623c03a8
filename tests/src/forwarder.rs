//! A TCP forwarder in front of the sandbox: the network, as it comes and goes. It can remember what went through it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The way to the sandbox.
pub struct Forwarder {
    address: SocketAddr,
    target: SocketAddr,
    cut: watch::Sender<bool>,
    accepting: tokio::sync::Mutex<Option<JoinHandle<()>>>,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Forwarder {
    /// Listens on loopback and forwards to `target`.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let forwarder = Self {
            address: listener.local_addr().unwrap(),
            target,
            cut: watch::Sender::new(false),
            accepting: tokio::sync::Mutex::default(),
            seen: Arc::default(),
        };
        forwarder.accept(listener).await;
        forwarder
    }

    /// Scheme, host and port.
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Remembers from now on what is answered.
    pub fn remember(&self) {
        *self.seen.lock().unwrap() = Some(Vec::new());
    }

    /// What was answered since [`Forwarder::remember`].
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(self.seen.lock().unwrap().as_deref().unwrap_or_default()).into_owned()
    }

    /// The network goes: connections break, new ones are refused.
    pub async fn cut(&self) {
        if let Some(accepting) = self.accepting.lock().await.take() {
            accepting.abort();
            // Ends with the abort; the port is free then.
            let _ = accepting.await;
        }
        self.cut.send_replace(true);
    }

    /// The network comes back, on the same port.
    pub async fn restore(&self) {
        self.cut.send_replace(false);
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.accept(listener).await;
    }

    async fn accept(&self, listener: TcpListener) {
        let (target, cut, seen) = (self.target, self.cut.subscribe(), Arc::clone(&self.seen));
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (mut cut, seen) = (cut.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    tokio::select! {
                        () = forward(near, target, seen) => {}
                        _ = cut.wait_for(|cut| *cut) => {}
                    }
                });
            }
        });
        *self.accepting.lock().await = Some(task);
    }
}

async fn forward(near: TcpStream, target: SocketAddr, seen: Arc<Mutex<Option<Vec<u8>>>>) {
    let Ok(far) = TcpStream::connect(target).await else {
        return;
    };
    let (mut near_read, mut near_write) = near.into_split();
    let (mut far_read, mut far_write) = far.into_split();
    let there = async { drop(tokio::io::copy(&mut near_read, &mut far_write).await) };
    let back = async {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = far_read.read(&mut buffer).await {
            if let Some(seen) = seen.lock().unwrap().as_mut() {
                seen.extend_from_slice(&buffer[..length]);
            }
            if near_write.write_all(&buffer[..length]).await.is_err() {
                break;
            }
        }
    };
    // When either side ends, both are let go: a dropped answer must look dropped.
    tokio::select! { () = there => {}, () = back => {} }
}
