//! The facts of the mail that a write-back which stopped is told by.

use serde::{Deserialize, Serialize};

use super::{Mail, MailKind, Outbox, mail_id};
use crate::warranty::job::Canary;
use crate::warranty::{Job, JobKind, Stop};

/// A job of the warranty write-back ended before its rows did, and a person has to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteBackStopped {
    /// The job.
    pub job_id: String,
    /// Which plan.
    pub plan_id: String,
    /// Who asked for it: an e-mail address, or our own name.
    pub by: String,
    /// What was done when it stopped; a canary that was not clean turns writing into taking back.
    pub during: JobKind,
    /// Why.
    pub stop: Stop,
    /// When it ended.
    pub at_ms: u64,
    /// Rows that were written, or of an undo taken back, before it stopped.
    pub n_verified: u64,
    /// Records on which more than the date changed.
    pub changed: Vec<Canary>,
    /// Nothing that it wrote is left to be taken back.
    #[serde(default)]
    pub is_all_back: bool,
}

impl WriteBackStopped {
    /// The intent of telling it; none if the job did not stop, or nobody needs to be told.
    #[must_use]
    pub fn intent(job: &Job, now_ms: u64) -> Option<Outbox> {
        let stop = job.stop.filter(|stop| job.is_over() && stop.needs_person())?;
        let stopped = Self {
            job_id: job.id.clone(),
            plan_id: job.plan_id.clone(),
            by: job.by.clone(),
            during: job.kind,
            stop,
            at_ms: now_ms,
            n_verified: job.n_by_phase.get("verified").copied().unwrap_or(0),
            changed: job.canaries.iter().filter(|canary| !canary.proof.is_clean()).cloned().collect(),
            is_all_back: job.is_all_back(),
        };
        let id = mail_id(&job.id, MailKind::WriteBackStopped);
        Some(Outbox::intent(id, Mail::WriteBackStopped(stopped), now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::{Outbox, WriteBackStopped};
    use crate::warranty::{Approval, Job, JobKind, Stop};

    #[test]
    fn a_job_is_told_once_it_stopped_for_a_person() {
        let check = |stop: Option<Stop>, is_ended: bool, is_told: bool| {
            let mut job = Job::queued(JobKind::Apply, ("p", "h"), Approval::default(), "jane", 7);
            job.stop = stop;
            if is_ended {
                job.end(None, 9);
            }
            let intent = WriteBackStopped::intent(&job, 9);
            assert_eq!(intent.is_some(), is_told, "{stop:?}");
            assert_eq!(intent, WriteBackStopped::intent(&job, 9), "the same end has the same name");
            let stored = serde_json::to_string(&intent).unwrap();
            assert_eq!(serde_json::from_str::<Option<Outbox>>(&stored).unwrap(), intent);
        };
        check(Some(Stop::Canary), true, true);
        check(Some(Stop::Canary), false, false);
        check(Some(Stop::RightMissing), true, true);
        check(Some(Stop::SwitchedOff), true, false);
        check(None, true, false);
    }
}
