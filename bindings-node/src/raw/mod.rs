//! Node-API behind a safe interface: the only code of this crate that is `unsafe`.
//!
//! A [`Value`] and an [`Env`] last as long as the callback that they were given to, and cannot be kept. What Node-API
//! answers is either what was asked for or a [`Thrown`](crate::thrown::Thrown).

#![allow(unsafe_code)]

mod function;
mod handle;
mod made;
mod module;
pub(crate) mod read;
mod room;
mod throw;
mod value;

pub(crate) use function::Answer;
pub(crate) use read::Read;
pub(crate) use room::Room;
pub(crate) use value::{Elements, Env, Number, Value};
