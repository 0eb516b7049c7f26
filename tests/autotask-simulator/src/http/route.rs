//! Finds out what a path means: whatever its case, with double slashes collapsed.

use crate::counters::CallKind;
use crate::schema::{Child, Entity, child};

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// `zoneInformation`
    Zone,
    /// `versioninformation`
    Versions,
    /// `Version`
    Version,
    /// `ThresholdInformation`
    Threshold,
    /// `EntityInformation` of all entities.
    AllInformation,
    /// `{Entity}`
    Root,
    /// `{Entity}/query`
    Query,
    /// `{Entity}/query/count`
    Count,
    /// `{Entity}/query/next` and `{Entity}/query/previous`
    Turn,
    /// `{Entity}/{id}`
    Item(i64),
    /// `{Entity}/entityInformation`
    Information,
    /// `{Entity}/entityInformation/fields`
    Fields,
    /// `{Entity}/entityInformation/userDefinedFields`
    UserDefinedFields,
    /// `{Parent}/{parentId}/{Child}` and the same with an id.
    Child(Entity, i64, Child, Option<i64>),
    /// Nothing.
    Nowhere,
}

/// A path that was understood.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// The segments before `atservicesrest`.
    pub(super) zone_path: String,
    /// The entity whose rows are meant; for children theirs.
    pub(super) entity: Option<Entity>,
    /// What it leads to.
    pub(super) place: Place,
}

impl Route {
    /// Understands a path.
    pub(super) fn parse(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let Some(at) = segments.iter().position(|segment| segment.eq_ignore_ascii_case("atservicesrest"))
        else {
            return Self { zone_path: String::new(), entity: None, place: Place::Nowhere };
        };
        let zone_path = segments.get(..at).unwrap_or_default().join("/");
        let rest: Vec<String> = segments
            .get(at + 1..)
            .unwrap_or_default()
            .iter()
            .map(|segment| segment.to_ascii_lowercase())
            .collect();
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let (entity, place) = match rest.as_slice() {
            ["versioninformation"] => (None, Place::Versions),
            ["v1.0", rest @ ..] => under_version(rest),
            _ => (None, Place::Nowhere),
        };
        Self { zone_path, entity, place }
    }

    /// The name under which calls are counted and limited.
    pub(super) fn endpoint(&self) -> &'static str {
        match (self.entity, self.place) {
            (Some(entity), _) => entity.route(),
            (None, Place::Zone) => "zoneInformation",
            (None, Place::Versions) => "versioninformation",
            (None, Place::Version) => "Version",
            (None, Place::Threshold) => "ThresholdInformation",
            (None, Place::AllInformation) => "EntityInformation",
            (None, _) => "unknown",
        }
    }

    /// The kind of a call with a verb.
    pub(super) fn kind(&self, method: &str) -> CallKind {
        match self.place {
            Place::Zone => CallKind::Zone,
            Place::Versions => CallKind::Versions,
            Place::Version => CallKind::Version,
            Place::Threshold => CallKind::Threshold,
            Place::Query | Place::Turn => CallKind::Query,
            Place::Count => CallKind::Count,
            Place::AllInformation | Place::Information => CallKind::Information,
            Place::Fields => CallKind::Fields,
            Place::UserDefinedFields => CallKind::UserDefinedFields,
            Place::Item(_) if method == "GET" => CallKind::Get,
            Place::Child(..) if method == "GET" => CallKind::Child,
            Place::Root | Place::Item(_) | Place::Child(..) => write_kind(method),
            Place::Nowhere => CallKind::Other,
        }
    }
}

fn write_kind(method: &str) -> CallKind {
    match method {
        "POST" => CallKind::Create,
        "PATCH" => CallKind::Patch,
        "PUT" => CallKind::Put,
        "DELETE" => CallKind::Delete,
        _ => CallKind::Other,
    }
}

fn under_version(rest: &[&str]) -> (Option<Entity>, Place) {
    match rest {
        ["zoneinformation"] => (None, Place::Zone),
        ["version"] => (None, Place::Version),
        ["thresholdinformation"] => (None, Place::Threshold),
        ["entityinformation"] => (None, Place::AllInformation),
        [entity, rest @ ..] => match Entity::parse(entity) {
            Some(entity) => under_entity(entity, rest),
            None => (None, Place::Nowhere),
        },
        [] => (None, Place::Nowhere),
    }
}

fn under_entity(entity: Entity, rest: &[&str]) -> (Option<Entity>, Place) {
    let place = match rest {
        [] => Place::Root,
        ["query"] => Place::Query,
        ["query", "count"] => Place::Count,
        ["query", "next" | "previous"] => Place::Turn,
        ["entityinformation"] => Place::Information,
        ["entityinformation", "fields"] => Place::Fields,
        ["entityinformation", "userdefinedfields"] => Place::UserDefinedFields,
        [id] => id.parse().map_or(Place::Nowhere, Place::Item),
        [id, name] => child_place(entity, id, name, None),
        [id, name, child_id] => child_place(entity, id, name, Some(child_id)),
        _ => Place::Nowhere,
    };
    match place {
        Place::Child(_, _, child, _) => (Some(child.entity), place),
        Place::Nowhere => (None, place),
        _ => (Some(entity), place),
    }
}

fn child_place(parent: Entity, id: &str, name: &str, child_id: Option<&str>) -> Place {
    let (Ok(parent_id), Some(child)) = (id.parse(), child(parent, name)) else { return Place::Nowhere };
    match child_id.map(str::parse).transpose() {
        Ok(child_id) => Place::Child(parent, parent_id, child, child_id),
        Err(_) => Place::Nowhere,
    }
}
