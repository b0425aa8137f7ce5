//! The state of a sandbox, as C passes it.

use crate::pointer::optional_bytes;
use crate::result::sandgate_result;
use crate::sized::{self, SizedStruct};
use core::ffi::c_void;
use sandgate::{SandboxState, TrafficToken};

/// The state of a sandbox, from the caller's look-up.
#[repr(C)]
pub struct sandgate_sandbox_state {
    /// sizeof(sandgate_sandbox_state), so that the struct can grow.
    pub struct_size: usize,
    /// Not 0: public traffic is restricted.
    pub restricted: u32,
    /// The sandbox's traffic token, of either format, for an edge without a keyring. NULL: none.
    pub traffic_token: *const c_void,
    /// Its length, 1 to 256.
    pub traffic_token_len: usize,
    /// The current generation of the sandbox's traffic credentials (v2); generations start at 0.
    pub generation: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_sandbox_state {}

/// Passes the state on, with its token parsed. Not returned: a move would leave a copy of the token on the stack.
///
/// # Safety
/// `state` is NULL or a struct of the size that it says, whose pointer has its length.
pub(crate) unsafe fn with_state<R>(
    state: *const sandgate_sandbox_state,
    run: impl FnOnce(SandboxState<'_>) -> Result<R, sandgate_result>,
) -> Result<R, sandgate_result> {
    // SAFETY: the caller's contract.
    let (state, token) = unsafe {
        let state = sized::input(state)?;
        (state, optional_bytes(state.traffic_token, state.traffic_token_len)?)
    };
    let known = if state.restricted == 0 { SandboxState::public() } else { SandboxState::restricted() };
    let known = known.generation(state.generation);
    let Some(token) = token else { return run(known) };
    match &TrafficToken::try_from(token) {
        Ok(token) => run(known.traffic_token(token)),
        Err(misuse) => Err((*misuse).into()),
    }
}
