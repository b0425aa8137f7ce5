//! WebAssembly behind the same safe interface as Node-API: all other code of this crate is the same on both.
//!
//! JavaScript writes the arguments of a call into linear memory, and behind them is the heap of that call. When it returns,
//! JavaScript reads the answer and overwrites everything: stack, arguments, heap. So nothing here wipes, frees or keeps
//! anything: the state of an object is a buffer of JavaScript's, which lends it to a call.

#![allow(unsafe_code)]

mod buffer;
mod call;
mod classes;
mod entry;
mod heap;
mod made;
mod numbered;
mod object;
mod record;
mod thrown;
mod value;

pub(crate) use buffer::Buffer;
pub(crate) use numbered::Numbered;
pub(crate) use object::State;
pub(crate) use thrown::Thrown;
pub(crate) use value::{Answer, Elements, Env, Value};

// Nothing is copied, so that all buffers are one type.
pub(crate) type Short = Buffer<0, true>;
pub(crate) type Long = Short;
pub(crate) type Name = Short;
pub(crate) type Path = Short;
pub(crate) type Word = Short;

/// Runs `work`: JavaScript overwrites the stack after each call.
pub(crate) fn clean_stack<R>(work: impl FnOnce() -> R) -> R {
    work()
}
