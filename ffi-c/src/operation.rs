//! The numbers of the operations in C.

use crate::result::sandgate_result::{self, *};
use sandgate::Operation;

/// Download.
pub const SANDGATE_OPERATION_READ: u32 = 1;
/// Upload.
pub const SANDGATE_OPERATION_WRITE: u32 = 2;

pub(crate) const fn number(operation: Operation) -> u32 {
    match operation {
        Operation::Read => SANDGATE_OPERATION_READ,
        Operation::Write => SANDGATE_OPERATION_WRITE,
    }
}

/// Returns the operation with a number.
pub(crate) const fn read(number: u32) -> Result<Operation, sandgate_result> {
    match number {
        SANDGATE_OPERATION_READ => Ok(Operation::Read),
        SANDGATE_OPERATION_WRITE => Ok(Operation::Write),
        _ => Err(SANDGATE_BAD_OPERATION),
    }
}
