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
    /// May change everything of a tenant whose plan allows few companies.
    Limited,
}

impl User {
    /// Every user.
    pub(crate) const ALL: [Self; 4] = [Self::Admin, Self::Reader, Self::Other, Self::Limited];

    /// As on the command line, in forms and in `sub`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reader => "reader",
            Self::Other => "other",
            Self::Limited => "limited",
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
            Self::Limited => "limited",
        }
    }

    /// How many companies the tenant's plan allows, as Cognito has its attributes: as text.
    pub(crate) fn plan_limit(self) -> Option<&'static str> {
        matches!(self, Self::Limited).then_some("12")
    }

    /// What the user may do.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Admin | Self::Other | Self::Limited => "admin",
            Self::Reader => "reader",
        }
    }

    /// Where mails to the user go.
    pub(crate) fn email(self) -> &'static str {
        match self {
            Self::Admin => "admin@demo.example",
            Self::Reader => "reader@demo.example",
            Self::Other => "admin@other.example",
            Self::Limited => "admin@limited.example",
        }
    }
}
