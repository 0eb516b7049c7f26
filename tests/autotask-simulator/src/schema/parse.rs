//! Reads the embedded field table.

use super::{Entity, Field, Kind, Schema, picklist, udf};
use anyhow::{Context, bail};
use std::collections::{BTreeMap, HashMap};

const TABLE: &str = include_str!("fields.tsv");

/// Every schema of the embedded table.
pub(super) fn schemas() -> anyhow::Result<BTreeMap<Entity, Schema>> {
    let mut fields: BTreeMap<Entity, Vec<Field>> = BTreeMap::new();
    for line in TABLE.lines().skip(1).filter(|line| !line.is_empty()) {
        let (entity, field) = parse_line(line).with_context(|| format!("field table line «{line}»"))?;
        if field.name != "id" {
            fields.entry(entity).or_default().push(field);
        }
    }
    Ok(fields.into_iter().map(|(entity, fields)| (entity, schema(entity, fields))).collect())
}

fn schema(entity: Entity, fields: Vec<Field>) -> Schema {
    let mut by_lower_name = HashMap::new();
    for (idx, field) in fields.iter().enumerate() {
        by_lower_name.insert(field.name.to_ascii_lowercase(), idx);
        by_lower_name.insert(field.name.clone(), idx);
    }
    Schema { entity, fields, udfs: udf::udfs(entity), by_lower_name }
}

fn parse_line(line: &str) -> anyhow::Result<(Entity, Field)> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [entity, name, kind, flags] = columns.as_slice() else { bail!("four columns expected") };
    let entity = Entity::parse(entity).context("unknown entity")?;
    let mut field = Field {
        name: (*name).to_owned(),
        key: format!("\"{name}\":"),
        kind: parse_kind(kind)?,
        max_length: 0,
        is_required: false,
        is_read_only: false,
        is_fixed: false,
        is_day: false,
        reference: None,
        picklist: Vec::new(),
        picklist_parent: "",
    };
    for flag in flags.split(',').filter(|flag| !flag.is_empty()) {
        apply_flag(entity, &mut field, flag)?;
    }
    Ok((entity, field))
}

fn parse_kind(text: &str) -> anyhow::Result<Kind> {
    Ok(match text {
        "i32" => Kind::Int,
        "i64" => Kind::Long,
        "decimal" => Kind::Decimal,
        "bool" => Kind::Bool,
        "text" => Kind::Text,
        "time" => Kind::Time,
        other => bail!("unknown kind {other}"),
    })
}

fn apply_flag(entity: Entity, field: &mut Field, flag: &str) -> anyhow::Result<()> {
    match flag.split_once('=').unwrap_or((flag, "")) {
        ("ro", _) => field.is_read_only = true,
        ("req", _) => field.is_required = true,
        ("fixed", _) => field.is_fixed = true,
        ("day", _) => field.is_day = true,
        ("len", length) => field.max_length = length.parse()?,
        ("ref", target) => field.reference = Some(Entity::parse(target).context("unknown reference")?),
        ("pick", _) => {
            field.picklist = picklist::values(entity, &field.name);
            field.picklist_parent = picklist::parent(&field.name);
        }
        (other, _) => bail!("unknown flag {other}"),
    }
    Ok(())
}
