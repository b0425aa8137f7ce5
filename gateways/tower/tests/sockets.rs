//! Both layers in front of axum on a real socket: bodies that arrive in pieces, and requests for an upgrade.

mod common;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::{Router, body::Body};
use common::{ID, Table};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use sandgate_tower::{ControllerLayer, EdgeLayer};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::Layer;

/// Answers an upgrade by sending back what arrives on the connection, and any other request with the length of its body.
async fn app(mut request: Request) -> Response {
    if request.headers().contains_key("upgrade") {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut stream = TokioIo::new(upgrade.await.unwrap());
            let mut said = [0; 4];
            stream.read_exact(&mut said).await.unwrap();
            stream.write_all(&said).await.unwrap();
        });
        return Response::builder()
            .status(101)
            .header("connection", "upgrade")
            .header("upgrade", "echo")
            .body(Body::empty())
            .unwrap();
    }
    let mut length = 0;
    while let Some(frame) = request.body_mut().frame().await {
        length += frame.unwrap().into_data().unwrap().len();
    }
    length.to_string().into_response()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The addresses of a controller and an edge, with their credentials and a host.
async fn servers() -> [(SocketAddr, String); 2] {
    let table = Table::read();
    let app = Router::new().fallback(app);
    let controller = app.clone().layer(ControllerLayer::new(table.controller("v1")));
    let edge = Router::new().fallback_service(EdgeLayer::new(table.edge.edge(), table.edge.lookup()).layer(app));
    let (id, keyring) = (ID.parse().unwrap(), table.edge.v2());
    let access = &table.controllers["v1"].access_tokens[0];
    let traffic = keyring.traffic_token(&id, 0);
    let host = format!("Host: 8080-{ID}.sandbox.test\r\n");
    [
        (serve(controller).await, format!("{host}X-Access-Token: {access}\r\n")),
        (serve(edge).await, format!("{host}E2b-Traffic-Access-Token: {}\r\n", traffic.expose())),
    ]
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn body_in_pieces_arrives_whole() {
    const PIECE: usize = 65_537;
    for (address, credential) in servers().await {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head =
            format!("POST /upload HTTP/1.1\r\n{credential}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..48 {
            stream.write_all(format!("{PIECE:x}\r\n").as_bytes()).await.unwrap();
            stream.write_all(&[b'x'; PIECE]).await.unwrap();
            stream.write_all(b"\r\n").await.unwrap();
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(&(48 * PIECE).to_string()), "{answer}");
    }
}

#[tokio::test]
async fn refused_upload_is_answered_before_its_body() {
    for (address, _) in servers().await {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head =
            format!("POST /upload HTTP/1.1\r\nHost: 8080-{ID}.sandbox.test\r\nContent-Length: 1000000000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = read_head(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    }
}

#[tokio::test]
async fn upgrade_passes_with_the_credential_alone() {
    for (address, credential) in servers().await {
        let upgrade = "Connection: upgrade\r\nUpgrade: echo\r\n";
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET /socket HTTP/1.1\r\n{credential}{upgrade}\r\n").as_bytes()).await.unwrap();
        let answer = read_head(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        stream.write_all(b"ping").await.unwrap();
        let mut said = [0; 4];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"ping");

        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET /socket HTTP/1.1\r\nHost: 8080-{ID}.sandbox.test\r\n{upgrade}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = read_head(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{answer}");
    }
}
