//! Every operation of core that touches a secret, run under valgrind with the secrets marked as undefined.
//!
//! Valgrind then reports each branch and each address that depends on a secret. Prints one line per operation, as
//! [`report`] describes.

mod control;
mod gates;
mod presented;
mod report;
mod request;
mod v1;
mod v2;
mod webhook;

fn main() {
    assert!(request::is_valgrind(), "run this under valgrind");
    v1::run();
    v2::run();
    gates::run();
    webhook::run();
    control::run();
}
