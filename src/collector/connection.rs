//! One client's connection and the time it is given.

use crate::guard::Peer;
use crate::options::Options;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;
use tower::{ServiceExt, service_fn};

/// How much of a request is buffered; a longer header is refused with 431.
const READ_BUFFER_BYTES: usize = 64 * 1024;

/// Serves requests until the client leaves, idles or stalls.
pub(crate) fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    options: &Options,
) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
    // Without it small answers wait for the other side's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(options.body_timeout));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_timeout)
        .max_buf_size(READ_BUFFER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service))
}
