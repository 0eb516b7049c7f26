//! Writing the stored records as JSON lines, sorted by id, in little memory.
//!
//! Records lie in shards, sorted by company: batches of them are sorted by id into temporary files, then merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use shared::store::{Store, TenantId};
use shared_core::catalogue::Catalogue;
use shared_core::entity::Entity;
use shared_core::{export, wire};

use crate::cli::ExportArgs;
use crate::exit::Exit;
use crate::state::StateFolder;

/// Rows that an export holds in memory; beyond that they wait, sorted, in temporary files.
const ROWS_IN_MEMORY: usize = 2_000;
/// The more files there are, the longer they get: a process may hold only so many open.
const ROWS_PER_RUN: usize = 20;

/// Entities that an export of everything writes: the others only explain these.
fn is_exported(entity: Entity) -> bool {
    !matches!(
        entity,
        Entity::AssetTypes
            | Entity::AssetCategories
            | Entity::ContractServices
            | Entity::ContractServiceUnits
    )
}

pub(crate) async fn run(args: ExportArgs) -> anyhow::Result<Exit> {
    if !args.state.is_dir() {
        return Err(anyhow!("there is no state folder {}", args.state.display()));
    }
    let database = StateFolder::lock(&args.state)?.database().await?;
    one(&database.store(), &args.tenant, args.entity, &args.out).await?;
    Ok(Exit::Done)
}

/// Writes `<entity>.jsonl` for each of the entities into a folder.
pub(crate) async fn all(
    store: &Store,
    tenant: &TenantId,
    entities: &[Entity],
    folder: &Path,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("failed to make the folder {}", folder.display()))?;
    for &entity in entities.iter().filter(|&&entity| is_exported(entity)) {
        one(store, tenant, entity, &folder.join(format!("{entity}.jsonl"))).await?;
    }
    Ok(())
}

async fn one(store: &Store, tenant: &TenantId, entity: Entity, out: &Path) -> anyhow::Result<()> {
    let catalogue = match entity {
        Entity::Assets => catalogue(store, tenant).await?,
        _ => Catalogue::default(),
    };
    let mut spill = Spill { entity, catalogue: &catalogue, rows: Vec::new(), runs: Vec::new() };
    for shard in 0..Store::n_shards() {
        let mut taken = Ok(());
        let take = |id, doc: &str| {
            if taken.is_ok() {
                taken = spill.take(id, doc);
            }
        };
        store.read_shard(tenant, entity, shard, take).await?;
        taken?;
    }
    spill.write()?;
    let runs = spill.runs;
    let file = File::create(out).with_context(|| format!("failed to write {}", out.display()))?;
    merge(runs, BufWriter::new(file)).with_context(|| format!("failed to write {}", out.display()))
}

/// Names that assets refer to: picklists and products.
pub(crate) async fn catalogue(store: &Store, tenant: &TenantId) -> anyhow::Result<Catalogue> {
    let mut catalogue = Catalogue::default();
    if let Some(fields) = store.load_fields(tenant, Entity::Assets).await? {
        catalogue.set_picklists(&wire::parse_fields(fields.body.as_bytes())?);
    }
    let mut damaged = None;
    for shard in 0..Store::n_shards() {
        let add = |_, doc: &str| damaged = catalogue.add_product(doc).err().or(damaged.take());
        store.read_shard(tenant, Entity::Products, shard, add).await?;
    }
    damaged.map_or(Ok(catalogue), |error| Err(error).context("a stored product cannot be read"))
}

/// Rows gathered in memory, written to a temporary file of `id<TAB>row` lines whenever they are many.
struct Spill<'a> {
    entity: Entity,
    catalogue: &'a Catalogue,
    rows: Vec<(i64, Box<str>)>,
    runs: Vec<File>,
}

impl Spill<'_> {
    fn take(&mut self, id: i64, doc: &str) -> anyhow::Result<()> {
        let row = export::row(self.entity, doc, self.catalogue)
            .with_context(|| format!("stored record {id} of {} cannot be read", self.entity))?;
        self.rows.push((id, row.into()));
        let is_full = self.rows.len() >= ROWS_IN_MEMORY.max(self.runs.len() * ROWS_PER_RUN);
        if is_full { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> anyhow::Result<()> {
        self.rows.sort_unstable_by_key(|(id, _)| *id);
        let mut file = BufWriter::new(tempfile::tempfile().context("failed to make a temporary file")?);
        for (id, row) in self.rows.drain(..) {
            writeln!(file, "{id}\t{row}")?;
        }
        let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }
}

fn merge(runs: Vec<File>, mut out: impl Write) -> anyhow::Result<()> {
    let mut readers: Vec<_> = runs.into_iter().map(BufReader::new).collect();
    let mut heads = BinaryHeap::new();
    for (at, reader) in readers.iter_mut().enumerate() {
        heads.extend(next_line(reader)?.map(|(id, row)| Reverse((id, at, row))));
    }
    while let Some(Reverse((_, at, row))) = heads.pop() {
        out.write_all(row.as_bytes())?;
        heads.extend(next_line(&mut readers[at])?.map(|(id, row)| Reverse((id, at, row))));
    }
    Ok(out.flush()?)
}

fn next_line(reader: &mut impl BufRead) -> anyhow::Result<Option<(i64, String)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let (id, row) = line.split_once('\t').context("a temporary file was changed from outside")?;
    Ok(Some((id.parse()?, row.to_owned())))
}
