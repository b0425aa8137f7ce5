//! Node-API behind a safe interface: the only code of this crate that is `unsafe`.
//!
//! A [`Value`] and an [`Env`] last as long as the callback that they were given to, and cannot be kept. What Node-API
//! answers is either what was asked for or a [`Thrown`](crate::thrown::Thrown).

#![allow(unsafe_code)]

mod buffer;
mod function;
mod kept;
mod made;
mod module;
mod object;
mod throw;
mod thrown;
mod value;

pub(crate) use buffer::Buffer;
pub(crate) use kept::State;
pub(crate) use thrown::Thrown;
pub(crate) use value::{Answer, Elements, Env, Value};

/// For tokens and signatures: longer ones are read too, only more slowly.
pub(crate) type Short = Buffer<104>;
/// For queries and URLs, which may have a signature in them.
pub(crate) type Long = Buffer<520>;
/// For names and ids.
pub(crate) type Name = Buffer<104, false>;
/// For paths.
pub(crate) type Path = Buffer<520, false>;
/// For one of a few words.
pub(crate) type Word = Buffer<8, false>;

/// What WebAssembly asks of a class, and nothing else does.
pub(crate) trait Numbered {}

impl<S> Numbered for S {}

/// More than core uses.
const STACK: usize = 16_384;

/// Overwrites the stack that `work` used.
pub(crate) fn clean_stack<R>(work: impl FnOnce() -> R) -> R {
    sandgate::clean_stack::<STACK, _>(work)
}
