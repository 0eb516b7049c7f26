//! How a result is put.

use shared::autotask::Zone;
use shared::probe::{NotLoggedIn, Tested};
use shared_core::login::{Cause, is_skew_large};
use shared_core::pace::Usage;
use shared_core::rights::{Excess, Grant, Line, Row, Verdict};

use crate::answer::{
    ApiUsage, ExcessRow, FeatureRow, RightRow, TestAnswer, TestCode, Warning, WarningCode, ZoneRow,
};
use crate::request::TestRequest;

/// The words of success.
const CONNECTED: &str = "Connection Successful.";
/// Where the boxes are.
const LEVELS: &str = "Admin > Features & Settings > Resources/Users (HR) > Security > Security Levels > (the API user's level)";

/// What an answer needs besides the result.
pub(crate) struct Context<'a> {
    pub(crate) form: &'a TestRequest,
    pub(crate) duration_ms: u64,
    pub(crate) reference: String,
}

/// The login works.
pub(crate) fn connected(context: &Context<'_>, tested: &Tested) -> TestAnswer {
    let (login, rights) = (&tested.login, &tested.rights);
    let missing = rights.first_missing();
    let cause = missing.map(|need| Cause::RightMissing { entity: need.entity });
    let mut warnings = common_warnings(context, login.clock_skew_s);
    if login.usage.is_none() {
        let message = "The hourly API limit could not be read with this login; syncs will not see it coming.";
        warnings.push(Warning { code: WarningCode::LimitUnread, message: message.to_owned() });
    }
    warnings.extend(rights.rows.iter().filter_map(warning_of));
    warnings.extend(excess_warning(&rights.excess));
    TestAnswer {
        ok: cause.is_none(),
        code: cause.map_or(TestCode::Connected, code_of),
        message: cause.map_or_else(|| CONNECTED.to_owned(), |cause| cause.message()),
        fix: missing.map(|need| format!("In Autotask, open {LEVELS} and set {}.", need.setting())),
        warnings,
        features: rights.rows.iter().map(feature_row).collect(),
        excess: rights.excess.iter().map(excess_row).collect(),
        usage: login.usage.map(usage),
        zone: Some(zone_row(&login.zone)),
        clock_skew_s: login.clock_skew_s,
        duration_ms: context.duration_ms,
        reference: context.reference.clone(),
    }
}

/// The login does not work.
pub(crate) fn refused(context: &Context<'_>, failure: &NotLoggedIn) -> TestAnswer {
    TestAnswer {
        ok: false,
        code: code_of(failure.cause),
        message: failure.cause.message(),
        fix: Some(failure.cause.fix().to_owned()),
        warnings: common_warnings(context, failure.clock_skew_s),
        features: Vec::new(),
        excess: Vec::new(),
        usage: None,
        zone: failure.zone.as_ref().map(zone_row),
        clock_skew_s: failure.clock_skew_s,
        duration_ms: context.duration_ms,
        reference: context.reference.clone(),
    }
}

fn code_of(cause: Cause) -> TestCode {
    match cause {
        Cause::UnknownUser => TestCode::UnknownUser,
        Cause::LoginRefused => TestCode::LoginRefused,
        Cause::TrackingIdentifier => TestCode::TrackingIdentifier,
        Cause::AccessForbidden => TestCode::AccessForbidden,
        Cause::HourlyLimit { .. } => TestCode::HourlyLimit,
        Cause::RightMissing { .. } => TestCode::RightMissing,
        Cause::AutotaskDown => TestCode::AutotaskDown,
        Cause::Network => TestCode::Network,
        Cause::Tls => TestCode::Tls,
        Cause::AddressRefused => TestCode::AddressRefused,
    }
}

fn common_warnings(context: &Context<'_>, clock_skew_s: Option<i64>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning { code, message });
    let (username_has, password_has) = context.form.blanks();
    let blanks = |what| {
        format!(
            "The {what} begins or ends with a blank. It was used exactly as entered, but Autotask does not see blanks at \
             the ends of what is sent with a login; if they got there by copying, take them out."
        )
    };
    if username_has {
        warn(WarningCode::UsernameBlanks, blanks("user name"));
    }
    if password_has {
        warn(WarningCode::PasswordBlanks, blanks("password"));
    }
    if let Some(skew_s) = clock_skew_s.filter(|skew_s| is_skew_large(*skew_s)) {
        let way = if skew_s > 0 { "ahead of" } else { "behind" };
        let message = format!("Autotask's clock is {} s {way} ours.", skew_s.unsigned_abs());
        warn(WarningCode::ClockSkew, message);
    }
    warnings
}

fn warning_of(row: &Row) -> Option<Warning> {
    let (code, what) = match row.verdict {
        Verdict::Restricted => (WarningCode::Restricted, "only a part of the records will be seen"),
        Verdict::NothingSeen => (WarningCode::NothingSeen, "not one record is seen of some of it"),
        Verdict::NotTested => (WarningCode::NotTested, "not all rights could be tested in time"),
        _ => return None,
    };
    let message = format!("{}: {what}.", row.feature.name().replace('_', " "));
    Some(Warning { code, message })
}

fn excess_warning(excess: &[Excess]) -> Option<Warning> {
    let message = format!(
        "The API user may do {} things that are never needed (listed below); a narrower security level is safer.",
        excess.len()
    );
    (!excess.is_empty()).then_some(Warning { code: WarningCode::ExcessRights, message })
}

fn feature_row(row: &Row) -> FeatureRow {
    let boxes_of = |grant: Grant| {
        let mut boxes: Vec<&str> = Vec::new();
        for line in row.lines.iter().filter(|line| line.grant == grant) {
            if !boxes.contains(&line.need.setting()) {
                boxes.push(line.need.setting());
            }
        }
        boxes.join("; ")
    };
    let message = match row.verdict {
        Verdict::Granted => "Granted.".to_owned(),
        Verdict::Restricted => {
            let boxes = boxes_of(Grant::Restricted);
            format!("Granted in part: only a part will be seen. For all, set {boxes}.")
        }
        Verdict::NothingSeen => {
            let boxes = boxes_of(Grant::NothingSeen);
            format!("Answered without a record: there is none, or a right is missing. Check {boxes}.")
        }
        Verdict::Missing => format!("Not granted. Set {}.", boxes_of(Grant::Missing)),
        Verdict::NotTested => "Not all could be tested in time.".to_owned(),
        Verdict::GrantedNotNeeded => "Granted, not needed.".to_owned(),
        Verdict::NotGrantedNotNeeded => "Not granted, not needed.".to_owned(),
    };
    let is_needed = row.is_wanted;
    let rights = row.lines.iter().map(right_row).collect();
    FeatureRow { feature: row.feature.name(), is_needed, state: row.verdict, message, rights }
}

fn right_row(line: &Line) -> RightRow {
    let need = line.need;
    RightRow { entity: need.entity, action: need.action, state: line.grant, setting: need.setting() }
}

fn excess_row(excess: &Excess) -> ExcessRow {
    ExcessRow { entity: excess.entity, action: excess.action }
}

fn usage(usage: Usage) -> ApiUsage {
    ApiUsage { used: usage.n_used, limit: usage.limit, window_s: usage.window_ms / 1_000, ours: None }
}

fn zone_row(zone: &Zone) -> ZoneRow {
    ZoneRow { url: zone.url.clone(), host: zone.host(), database: zone.atdb.clone() }
}
