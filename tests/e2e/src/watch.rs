//! Does something to the simulator at a moment in the middle of a run.

use autotask_simulator::{Control, Counters};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Waits for its moment in a thread of its own.
#[derive(Debug)]
pub struct Watch {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<bool>,
}

impl Watch {
    /// Looks at the counters every millisecond and acts once, as soon as `is_time` says so.
    pub fn start(
        control: &Control,
        is_time: impl Fn(&Counters) -> bool + Send + 'static,
        act: impl FnOnce(&Control) + Send + 'static,
    ) -> Self {
        let (control, is_over) = (control.clone(), Arc::new(AtomicBool::new(false)));
        let is_stopped = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            while !is_time(&control.counters()) {
                if is_stopped.load(Ordering::Relaxed) {
                    return false;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            act(&control);
            true
        });
        Self { is_over, thread }
    }

    /// Stops looking; true when the moment came.
    pub fn has_fired(self) -> bool {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or(false)
    }
}
