//! Contacts: the people of a company.
//!
//! Never merged here: one record is one contact of Autotask's.

use jiff::Timestamp;

use super::record::model_record;
use super::text::Text;

model_record! {
    /// A person at a company.
    Contact<'a>, owner |contact| Some(contact.company_id),
    {
        /// Autotask's id.
        id: i64,
        /// The person's company.
        company_id: i64,
        /// First name.
        first_name: Option<Text<'a>>,
        /// Last name.
        last_name: Option<Text<'a>>,
        /// The main e-mail address.
        email: Option<Text<'a>>,
        /// False once the person has left.
        is_active: Option<bool>,
        /// The telephone number at work.
        phone: Option<Text<'a>>,
        /// The extension of that number.
        extension: Option<Text<'a>>,
        /// The mobile telephone number.
        mobile: Option<Text<'a>>,
        /// The job title.
        title: Option<Text<'a>>,
        /// True for the company's main contact.
        is_primary: Option<bool>,
        /// The company's site.
        company_location_id: Option<i64>,
        /// When the record was created, UTC.
        created_at: Option<Timestamp>,
        /// When anything happened around it, UTC.
        last_activity_at: Option<Timestamp>,
        /// When the record was last edited, UTC.
        last_modified_at: Option<Timestamp>,
    }
}
