//! Who can sign in.

use clap::ValueEnum;

/// A ready-made user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum User {
    /// May change everything of tenant demo.
    Admin,
    /// May look at everything of tenant demo.
    Reader,
    /// May change everything of another tenant.
    Other,
}

impl User {
    /// Every user.
    pub(crate) const ALL: [Self; 3] = [Self::Admin, Self::Reader, Self::Other];

    /// As on the command line, in forms and in `sub`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reader => "reader",
            Self::Other => "other",
        }
    }

    /// The user of a name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|user| user.name() == name)
    }

    /// Whose data.
    pub(crate) fn tenant(self) -> &'static str {
        match self {
            Self::Admin | Self::Reader => "demo",
            Self::Other => "other",
        }
    }

    /// What the user may do.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Admin | Self::Other => "admin",
            Self::Reader => "reader",
        }
    }

    /// Where mails to the user go.
    pub(crate) fn email(self) -> &'static str {
        match self {
            Self::Admin => "admin@demo.example",
            Self::Reader => "reader@demo.example",
            Self::Other => "admin@other.example",
        }
    }
}
