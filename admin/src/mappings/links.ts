import type { CompanyRef, Link, LinkRow, Proposal, Proposals } from '../api/mappings';
import type { Edit } from './useEditor';

/** Tiers that are green without anybody's further word. */
export function isAutomatic({ tier }: Proposal): boolean {
  return tier !== 'suggest';
}

/** Companies that an organization is said not to be, by what is stored and what is about to be. */
export function refusedOf(row: LinkRow, edit: Edit<Link> | undefined): readonly number[] {
  const refused = [...row.rejected, ...(edit?.rejects ?? [])];
  const was = row.choice;
  // Saving something else in place of a match by the machine refuses that match.
  const isTurnedDown = edit !== undefined && was?.is === 'linked' && was.how === 'auto';
  return isTurnedDown ? [...refused, was.company_id] : refused;
}

/** What is still suggested for a row: nothing where somebody decided, or said that it is not the same. */
export function suggestionOf(
  row: LinkRow,
  edit: Edit<Link> | undefined,
  proposal: Proposal | undefined,
): Proposal | undefined {
  const isDecided = edit ? edit.choice !== null : row.choice != null;
  const isRefused = proposal && refusedOf(row, edit).includes(proposal.company.id);
  return isDecided || isRefused ? undefined : proposal;
}

/** How a choice is read. */
export function linkName(link: Link | null, names: ReadonlyMap<number, CompanyRef>): string {
  if (!link) return 'Open';
  if (link.is === 'excluded') return 'Left unlinked on purpose';
  return names.get(link.company_id)?.name ?? `Autotask company ${link.company_id}`;
}

type Edited = ReadonlyMap<string, Edit<Link>>;

/** What is chosen for a row, saved or not. */
export function choiceIn(row: LinkRow, edits: Edited): Link | null {
  const edit = edits.get(row.key);
  return edit ? edit.choice : (row.choice ?? null);
}

function isOfMachine(edit: Edit<Link> | undefined): boolean {
  return edit?.choice?.is === 'linked' && edit.choice.how === 'auto';
}

/**
 * The changes that proposals make: automatic ones become links to be saved, the others nothing at all. What a machine
 * proposed before and nobody saved goes where it is proposed no longer.
 */
export function editsOf(rows: LinkRow[], proposals: Proposals, edits: Edited): [string, Edit<Link>][] {
  const byKey = new Map(proposals.proposals.map((proposal) => [proposal.key, proposal]));
  const byHand = [...edits.values()].filter((edit) => !isOfMachine(edit));
  const taken = new Set(byHand.flatMap(({ choice }) => (choice?.is === 'linked' ? [choice.company_id] : [])));
  return rows.flatMap((row): [string, Edit<Link>][] => {
    const [proposal, edit] = [byKey.get(row.key), edits.get(row.key)];
    // What a person decided, saved or not, stays.
    if (row.choice || (edit && !isOfMachine(edit))) return [];
    if (!proposal || !isAutomatic(proposal) || taken.has(proposal.company.id)) {
      return edit ? [[row.key, { ...edit, choice: null }]] : [];
    }
    const choice: Link = {
      is: 'linked',
      company_id: proposal.company.id,
      how: 'auto',
      reason: proposal.reason,
      is_shared: false,
    };
    return [[row.key, { choice, before: null, name: called(row) }]];
  });
}

function pickOf(row: LinkRow, company: CompanyRef, isShared: boolean): Edit<Link> {
  const choice: Link = { is: 'linked', company_id: company.id, how: 'manual', is_shared: isShared };
  return { choice, before: row.choice ?? null, name: called(row) };
}

/** Rows besides one that are, or would be, linked to a company. */
export function sharersOf(companyId: number, but: string, rows: LinkRow[], edits: Edited): LinkRow[] {
  return rows.filter((row) => {
    const choice = row.key === but ? null : choiceIn(row, edits);
    return choice?.is === 'linked' && choice.company_id === companyId;
  });
}

/** By company, how many rows are or would be linked to it. */
export function linkedBy(rows: LinkRow[], edits: Edited): ReadonlyMap<number, number> {
  const n = new Map<number, number>();
  for (const row of rows) {
    const choice = choiceIn(row, edits);
    if (choice?.is === 'linked') n.set(choice.company_id, (n.get(choice.company_id) ?? 0) + 1);
  }
  return n;
}

/** A choice by a person's own hand; whoever is about to be linked to the company as well shares it with the row. */
export function linkTo(
  row: LinkRow,
  company: CompanyRef,
  rows: LinkRow[],
  edits: Edited,
): [string, Edit<Link>][] {
  const sharers = sharersOf(company.id, row.key, rows, edits);
  const unsaved = sharers.flatMap((other): [string, Edit<Link>][] => {
    const edit = edits.get(other.key);
    return edit?.choice?.is === 'linked'
      ? [[other.key, { ...edit, choice: { ...edit.choice, is_shared: true } }]]
      : [];
  });
  return [[row.key, pickOf(row, company, sharers.length > 0)], ...unsaved];
}

/** An organization by name, and by id where others have the name as well. */
export function called(row: Pick<LinkRow, 'key' | 'name' | 'is_twin'>): string {
  return row.is_twin ? `${row.name}, id ${row.key}` : row.name;
}

/** What tells a company from its namesakes. */
export function about(company: CompanyRef): string {
  const parts = [company.city, company.type_name, `id ${company.id}`, company.is_active ? '' : 'inactive'];
  return parts.filter(Boolean).join(', ');
}
