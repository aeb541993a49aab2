use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    thread,
};

use super::{
    super::{Client, Network, Origin, Timeouts, Tls},
    *,
};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn client() -> Client {
    let long = Duration::from_secs(20);
    let timeouts = Timeouts { connect: long, first_byte: long, idle: long, total: None };
    let network = Network { timeouts, proxy: None, tls: Tls::default() };
    let host = Ipv4Addr::LOCALHOST.to_string();
    let origin = Origin { scheme: "http".to_owned(), host, port: 80 };
    Client::new(&network, &origin).expect("a client")
}

/// Asks, waits for so long by the clock on the wall, asks again; says whether the second request
/// went over the first one's connection.
fn is_kept_after(idle: Duration) -> bool {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has free ports");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let client = client();
    let connections = client.connections();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The requests are small enough to come in one piece.
            thread::spawn(move || {
                while stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                    stream.write_all(ANSWER).expect("the client waits");
                }
            });
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let begun = SystemTime::now();
    let ask = async |now| {
        connections.catch_up().await;
        let kept = connections.last();
        let answer = connections.http(now).get(&url).send().await.expect("an answer");
        let info = answer.extensions().get::<hyper_util::client::legacy::connect::HttpInfo>();
        let local = info.expect("a connection has two ends").local_addr();
        answer.bytes().await.expect("a body");
        take_turns().await;
        connections.used(local, now);
        kept == Some(local)
    };
    runtime.expect("a runtime").block_on(async {
        assert!(!ask(begun).await);
        ask(begun + idle).await
    })
}

#[test]
fn a_connection_that_lay_unused_is_trusted_for_five_minutes() {
    assert!(is_kept_after(Duration::ZERO));
    assert!(is_kept_after(LONGEST_IDLE));
    assert!(!is_kept_after(LONGEST_IDLE + Duration::from_secs(1)));
}
