//! The columns that the contract names, and where each comes from.

use super::Exported;

/// How a value of the source is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A text as it is; `""` is null.
    Text,
    /// A truth, which Autotask writes as a number in places.
    Truth,
    /// A calendar date: the first ten characters.
    Date,
    /// An instant in UTC.
    Instant,
    /// A sum of money.
    Amount,
    /// The user-defined fields as an object.
    UserDefined,
    /// The RMM's manufacturer, else the product's.
    Manufacturer,
    /// The RMM's model, else the product's.
    Model,
}

/// One column of an export.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Our name.
    pub name: &'static str,
    /// The field of the source.
    pub field: &'static str,
    /// How it is written.
    pub kind: Kind,
}

const fn column(name: &'static str, field: &'static str, kind: Kind) -> Column {
    Column { name, field, kind }
}

const ID: Column = column("id", "id", Kind::Integer);
const COMPANY_ID: Column = column("company_id", "companyID", Kind::Integer);

const COMPANIES: &[Column] = &[
    ID,
    column("name", "companyName", Kind::Text),
    column("is_active", "isActive", Kind::Truth),
    column("type_id", "companyType", Kind::Integer),
    column("phone", "phone", Kind::Text),
    column("city", "city", Kind::Text),
    column("postal_code", "postalCode", Kind::Text),
    column("web_address", "webAddress", Kind::Text),
];

const CONTACTS: &[Column] = &[
    ID,
    COMPANY_ID,
    column("first_name", "firstName", Kind::Text),
    column("last_name", "lastName", Kind::Text),
    column("email", "emailAddress", Kind::Text),
    column("is_active", "isActive", Kind::Truth),
];

const ASSETS: &[Column] = &[
    ID,
    COMPANY_ID,
    column("name", "referenceTitle", Kind::Text),
    column("serial_number", "serialNumber", Kind::Text),
    column("is_active", "isActive", Kind::Truth),
    column("type_id", "configurationItemType", Kind::Integer),
    column("category_id", "configurationItemCategoryID", Kind::Integer),
    column("product_id", "productID", Kind::Integer),
    column("contact_id", "contactID", Kind::Integer),
    column("install_date", "installDate", Kind::Date),
    column("warranty_expiration_date", "warrantyExpirationDate", Kind::Date),
    column("manufacturer", "rmmDeviceAuditManufacturerID", Kind::Manufacturer),
    column("model", "rmmDeviceAuditModelID", Kind::Model),
    column("created_at", "createDate", Kind::Instant),
    column("last_modified_at", "lastModifiedTime", Kind::Instant),
    column("user_defined_fields", "userDefinedFields", Kind::UserDefined),
];

const PRODUCTS: &[Column] = &[
    ID,
    column("name", "name", Kind::Text),
    column("manufacturer", "manufacturerName", Kind::Text),
    column("is_active", "isActive", Kind::Truth),
];

const CONTRACTS: &[Column] = &[
    ID,
    COMPANY_ID,
    column("name", "contractName", Kind::Text),
    column("type_id", "contractType", Kind::Integer),
    column("status_id", "status", Kind::Integer),
    column("start_date", "startDate", Kind::Date),
    column("end_date", "endDate", Kind::Date),
];

const TICKETS: &[Column] = &[
    ID,
    COMPANY_ID,
    column("number", "ticketNumber", Kind::Text),
    column("title", "title", Kind::Text),
    column("status_id", "status", Kind::Integer),
    column("priority_id", "priority", Kind::Integer),
    column("asset_id", "configurationItemID", Kind::Integer),
    column("contract_id", "contractID", Kind::Integer),
    column("created_at", "createDate", Kind::Instant),
    column("completed_at", "completedDate", Kind::Instant),
    column("due_at", "dueDateTime", Kind::Instant),
];

const OPPORTUNITIES: &[Column] = &[
    ID,
    COMPANY_ID,
    column("title", "title", Kind::Text),
    column("status_id", "status", Kind::Integer),
    column("stage_id", "stage", Kind::Integer),
    column("probability", "probability", Kind::Integer),
    column("amount", "amount", Kind::Amount),
    column("projected_close_date", "projectedCloseDate", Kind::Date),
];

/// The columns of one export.
pub(super) fn columns(entity: Exported) -> &'static [Column] {
    match entity {
        Exported::Companies => COMPANIES,
        Exported::Contacts => CONTACTS,
        Exported::Assets => ASSETS,
        Exported::Products => PRODUCTS,
        Exported::Contracts => CONTRACTS,
        Exported::Tickets => TICKETS,
        Exported::Opportunities => OPPORTUNITIES,
    }
}
