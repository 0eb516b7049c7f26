//! What is known of this user's rights on one entity.

use crate::wire::EntityRights;

/// Autotask's number for «restricted» in `userAccessFor…`.
///
/// # Source
/// SOAP names the values None, All, Restricted, in this order; the numbers of REST are not documented. Some zones send 0
/// for everything, whatever the rights: such numbers say nothing.
const RESTRICTED: i64 = 2;
const NONE: i64 = 0;

/// How far something is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// For all records.
    All,
    /// For a part of the records.
    Restricted,
    /// Not at all.
    None,
    /// It is answered, but without a row: there are none, or the right is missing.
    NoRows,
    /// Autotask's information says neither yes nor no.
    Silent,
    /// Not found out.
    #[default]
    Unknown,
}

/// What counting the rows of an entity showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// So many are visible.
    Rows(u64),
    /// Refused.
    Denied,
    /// Not answered.
    Unknown,
}

/// What is known of this user's rights on one entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Reading.
    pub read: Access,
    /// Changing.
    pub update: Access,
    /// Creating is allowed.
    pub may_create: bool,
    /// Deleting is allowed.
    pub may_delete: bool,
}

impl Seen {
    /// Nothing is allowed: Autotask refused even to talk about the entity.
    pub const DENIED: Self =
        Self { read: Access::None, update: Access::None, may_create: false, may_delete: false };

    /// What Autotask's own information says.
    #[must_use]
    pub fn told(rights: &EntityRights) -> Self {
        let numbers = [
            rights.user_access_for_query,
            rights.user_access_for_update,
            rights.user_access_for_create,
            rights.user_access_for_delete,
        ];
        let numbers_speak = numbers.iter().any(|number| number.is_some_and(|number| number != NONE));
        let may = |flag: bool, number: Option<i64>| flag && !(numbers_speak && number == Some(NONE));
        Self {
            read: read_access(rights),
            update: match rights.user_access_for_update {
                number if !may(rights.can_update, number) => Access::None,
                Some(RESTRICTED) => Access::Restricted,
                _ => Access::All,
            },
            may_create: may(rights.can_create, rights.user_access_for_create),
            may_delete: may(rights.can_delete, rights.user_access_for_delete),
        }
    }

    /// Whether counting the rows would tell more.
    #[must_use]
    pub fn wants_count(&self) -> bool {
        self.read == Access::Silent
    }

    /// The same with what counting showed.
    #[must_use]
    pub fn with_count(self, counted: Counted) -> Self {
        let read = match counted {
            _ if self.read != Access::Silent => self.read,
            Counted::Rows(0) => Access::NoRows,
            Counted::Rows(_) => Access::All,
            Counted::Denied => Access::None,
            Counted::Unknown => Access::Unknown,
        };
        Self { read, ..self }
    }
}

fn read_access(rights: &EntityRights) -> Access {
    match rights.user_access_for_query {
        _ if !rights.can_query => Access::None,
        Some(RESTRICTED) => Access::Restricted,
        None | Some(NONE) => Access::Silent,
        Some(_) => Access::All,
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Counted, Seen};
    use crate::wire::EntityRights;

    fn told(can: [bool; 4], numbers: [Option<i64>; 4]) -> Seen {
        Seen::told(&EntityRights {
            can_query: can[0],
            can_update: can[1],
            can_create: can[2],
            can_delete: can[3],
            user_access_for_query: numbers[0],
            user_access_for_update: numbers[1],
            user_access_for_create: numbers[2],
            user_access_for_delete: numbers[3],
            ..EntityRights::default()
        })
    }

    #[test]
    fn flags_and_numbers_are_read_together() {
        let check = |can, numbers: [i64; 4], read, update, may_create, may_delete| {
            let want = Seen { read, update, may_create, may_delete };
            assert_eq!(told(can, numbers.map(Some)), want, "{can:?} {numbers:?}");
        };
        let all = [true; 4];
        check(all, [1, 1, 1, 1], Access::All, Access::All, true, true);
        check(all, [2, 2, 1, 1], Access::Restricted, Access::Restricted, true, true);
        check(all, [1, 0, 0, 0], Access::All, Access::None, false, false);
        check([false; 4], [0, 0, 0, 0], Access::None, Access::None, false, false);
        check([true, true, false, false], [0, 0, 0, 0], Access::Silent, Access::All, false, false);
        check([true, false, false, false], [0, 0, 0, 0], Access::Silent, Access::None, false, false);
        check([false, true, false, false], [1, 1, 0, 0], Access::None, Access::All, false, false);
    }

    #[test]
    fn missing_numbers_leave_reading_open_and_flags_decide_the_rest() {
        let seen = told([true, true, false, true], [None; 4]);
        let want = Seen { read: Access::Silent, update: Access::All, may_create: false, may_delete: true };
        assert_eq!(seen, want);
    }

    #[test]
    fn a_count_settles_only_what_was_open() {
        let open = Seen { read: Access::Silent, ..Seen::default() };
        let check = |seen: Seen, counted, want| assert_eq!(seen.with_count(counted).read, want);
        check(open, Counted::Rows(3), Access::All);
        check(open, Counted::Rows(0), Access::NoRows);
        check(open, Counted::Denied, Access::None);
        check(open, Counted::Unknown, Access::Unknown);
        check(Seen::DENIED, Counted::Rows(3), Access::None);
        assert!(open.wants_count() && !Seen::DENIED.wants_count());
    }
}
