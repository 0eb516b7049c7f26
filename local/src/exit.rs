//! What the process says by its exit code.

use shared::engine::EngineError;
use shared_core::run::State;

/// Exit codes of `lci`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Usage or internal error.
    Usage = 1,
    /// A record was rejected or an entity skipped.
    Partly = 2,
    /// The run broke off; the next call goes on from there.
    Failed = 3,
    /// Autotask refused the login.
    Credentials = 4,
    /// Held by the brake.
    Held = 5,
    /// Throttled for longer than allowed.
    Throttled = 6,
}

impl From<State> for Exit {
    fn from(state: State) -> Self {
        match state {
            State::Done => Self::Done,
            State::Partly | State::Skipped => Self::Partly,
            State::Credentials => Self::Credentials,
            State::Held => Self::Held,
            State::Throttled => Self::Throttled,
            State::Failed | State::Stopped | State::Queued | State::Running | State::Stalled => Self::Failed,
        }
    }
}

impl From<&EngineError> for Exit {
    fn from(error: &EngineError) -> Self {
        match error {
            EngineError::Call(shared::autotask::CallError::Credentials(_)) => Self::Credentials,
            EngineError::Call(shared::autotask::CallError::Throttled { .. }) => Self::Throttled,
            EngineError::Call(shared::autotask::CallError::Address(_))
            | EngineError::NoInitialSync { .. }
            | EngineError::Bug(_) => Self::Usage,
            EngineError::Call(_)
            | EngineError::Store(_)
            | EngineError::OtherDatabase { .. }
            | EngineError::NoLogin => Self::Failed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
