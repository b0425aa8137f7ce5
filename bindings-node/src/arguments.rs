//! Converts JavaScript values to core's types.

use crate::class::Class;
use crate::host::Thrown;
use crate::host::{Buffer, Elements, State, Value};
pub(crate) use crate::host::{Long, Name, Path, Short, Word};
use crate::read::{Number, Read};
use crate::thrown::{misuse, not_text, out_of_range, wrong_type, wrong_value};
use crate::wiped::Wiped;
use alloc::vec::Vec;
use sandgate::{Context, Header, KeyId, Misuse, Operation, Port, SandboxId};

pub(crate) const OF_32_BITS: &str = "an integer between 0 and 4294967295";
pub(crate) const INTEGER: &str = "a safe integer, or a bigint that fits in 64 signed bits";

/// Returns the bytes of a required text.
#[inline(always)]
pub(crate) fn text<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    buffer: &'r mut Buffer<N, SECRET>,
    name: &str,
) -> Result<&'r [u8], Thrown> {
    buffer.required(value, false, name)
}

/// Returns a text that a client presented. A lone surrogate is read as U+FFFD: it is wrong like any other wrong character, but is
/// not the caller's misuse.
#[inline(always)]
pub(crate) fn presented<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    buffer: &'r mut Buffer<N, SECRET>,
    name: &str,
) -> Result<&'r [u8], Thrown> {
    buffer.required(value, true, name)
}

/// Returns such a text, if one was presented.
#[inline(always)]
pub(crate) fn maybe_presented<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    buffer: &'r mut Buffer<N, SECRET>,
    name: &str,
) -> Result<Option<&'r [u8]>, Thrown> {
    buffer.optional(value, true, name)
}

/// Returns the bytes of an optional text.
#[inline(always)]
pub(crate) fn maybe_text<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    buffer: &'r mut Buffer<N, SECRET>,
    name: &str,
) -> Result<Option<&'r [u8]>, Thrown> {
    buffer.optional(value, false, name)
}

/// Checks that bytes are UTF-8.
pub(crate) fn utf8<'r>(bytes: &'r [u8], name: &str) -> Result<&'r str, Thrown> {
    core::str::from_utf8(bytes).map_err(|_| wrong_value(name, "must be UTF-8"))
}

/// Returns the elements of an array of texts.
pub(crate) fn texts<'c>(value: Value<'c>, name: &str) -> Result<Elements<'c>, Thrown> {
    value.elements().ok_or_else(|| wrong_type(name, "an array"))
}

/// Returns an optional flag.
pub(crate) fn maybe_flag(value: Value<'_>, name: &str) -> Result<Option<bool>, Thrown> {
    match value.boolean() {
        None if value.is_absent() => Ok(None),
        None => Err(wrong_type(name, "a boolean")),
        given => Ok(given),
    }
}

/// Returns an optional integer.
#[inline]
pub(crate) fn maybe_integer(value: Value<'_>, name: &str) -> Result<Option<i64>, Thrown> {
    maybe_number(value, name, INTEGER)
}

/// Returns an optional integer in the range of `T`. `range` describes the range for the error message.
#[inline]
pub(crate) fn maybe_number<T: TryFrom<i64>>(value: Value<'_>, name: &str, range: &str) -> Result<Option<T>, Thrown> {
    match value.number() {
        Number::Integer(number) | Number::BigInt(number) => {
            T::try_from(number).map(Some).map_err(|_| out_of_range(name, range))
        }
        Number::Absent => Ok(None),
        Number::OutOfRange => Err(out_of_range(name, range)),
        Number::Other => Err(wrong_type(name, "a number or a bigint")),
    }
}

/// Returns an optional number of seconds. `range` describes the range for the error message.
pub(crate) fn maybe_seconds(value: Value<'_>, name: &str, range: &str) -> Result<Option<u32>, Thrown> {
    match value.number() {
        Number::Integer(number) => u32::try_from(number).map(Some).map_err(|_| out_of_range(name, range)),
        Number::Absent => Ok(None),
        Number::OutOfRange => Err(out_of_range(name, range)),
        Number::BigInt(_) | Number::Other => Err(wrong_type(name, "a number")),
    }
}

pub(crate) fn maybe_port(value: Value<'_>, name: &str) -> Result<Option<Port>, Thrown> {
    match value.number() {
        Number::Integer(number) => {
            let number = u16::try_from(number).map_err(|_| misuse(name)(Misuse::Port))?;
            Port::try_from(number).map(Some).map_err(misuse(name))
        }
        Number::Absent => Ok(None),
        Number::OutOfRange => Err(out_of_range(name, "an integer between 1 and 65535")),
        Number::BigInt(_) | Number::Other => Err(wrong_type(name, "a number")),
    }
}

pub(crate) fn port(value: Value<'_>, name: &str) -> Result<Port, Thrown> {
    maybe_port(value, name)?.ok_or_else(|| wrong_type(name, "a number"))
}

#[inline]
pub(crate) fn sandbox_id(value: Value<'_>, name: &str) -> Result<SandboxId, Thrown> {
    SandboxId::try_from(text(value, &mut Name::new(), name)?).map_err(misuse(name))
}

pub(crate) fn key_id(value: Value<'_>, name: &str) -> Result<KeyId, Thrown> {
    KeyId::try_from(text(value, &mut Word::new(), name)?).map_err(misuse(name))
}

/// `"read"`, the default, or `"write"`.
#[inline]
pub(crate) fn operation(value: Value<'_>) -> Result<Operation, Thrown> {
    let mut buffer = Word::new();
    let Some(name) = maybe_text(value, &mut buffer, "operation")? else { return Ok(Operation::Read) };
    named_operation(name)
}

#[inline]
pub(crate) fn named_operation(name: &[u8]) -> Result<Operation, Thrown> {
    Operation::try_from(name).map_err(misuse("operation"))
}

pub(crate) fn context<'r>(value: Value<'_>, buffer: &'r mut Long) -> Result<Option<Context<'r>>, Thrown> {
    let context = maybe_text(value, buffer, "context")?.map(Context::try_from);
    context.transpose().map_err(misuse("context"))
}

/// Returns a generation, by default the first one, 0.
pub(crate) fn generation(value: Value<'_>) -> Result<u32, Thrown> {
    named_generation(value, "generation")
}

pub(crate) fn named_generation(value: Value<'_>, name: &str) -> Result<u32, Thrown> {
    Ok(maybe_number(value, name, OF_32_BITS)?.unwrap_or(0))
}

/// Returns the state of an optional native object.
pub(crate) fn maybe_state<'c, T: Class>(
    value: Value<'c>,
    name: &str,
    expected: &str,
) -> Result<Option<State<'c, T>>, Thrown> {
    match value.state()? {
        None if value.is_absent() => Ok(None),
        None => Err(wrong_type(name, expected)),
        given => Ok(given),
    }
}

/// A header as a client presented it: absent, one value, or an array of all values.
pub(crate) struct HeaderValues {
    /// The one value, if it was given alone.
    alone: Short,
    is_alone: bool,
    listed: Vec<Wiped>,
}

impl HeaderValues {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self { alone: Short::new(), is_alone: false, listed: Vec::new() }
    }

    #[inline]
    pub(crate) fn read(&mut self, value: Value<'_>, name: &str) -> Result<(), Thrown> {
        match self.alone.read(value, true) {
            Read::Text => self.is_alone = true,
            Read::Absent => {}
            refused => self.read_list(value, refused, name)?,
        }
        Ok(())
    }

    #[inline(never)]
    fn read_list(&mut self, value: Value<'_>, refused: Read, name: &str) -> Result<(), Thrown> {
        let Some(elements) = value.elements() else {
            return Err(match refused {
                Read::Other => wrong_type(name, "a string, a Uint8Array, or an array of them"),
                refused => not_text(refused, name),
            });
        };
        for element in elements {
            self.listed.push(Wiped::from(presented(element?, &mut Long::new(), name)?));
        }
        Ok(())
    }

    /// Each value.
    fn values(&self) -> impl Iterator<Item = &[u8]> {
        let alone = self.is_alone.then(|| self.alone.bytes());
        alone.into_iter().chain(self.listed.iter().map(|value| value.as_slice()))
    }

    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        self.values().collect()
    }

    pub(crate) fn header(&self) -> Header<'_> {
        self.values().collect()
    }
}
