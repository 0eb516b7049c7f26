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

/** The changes that a proposal makes: automatic ones as links to be saved, the others not at all. */
export function editsOf(
  rows: LinkRow[],
  proposals: Proposals,
  touched: ReadonlySet<string>,
): [string, Edit<Link>][] {
  const byKey = new Map(proposals.proposals.map((proposal) => [proposal.key, proposal]));
  return rows.flatMap((row): [string, Edit<Link>][] => {
    const proposal = byKey.get(row.key);
    // What a person decided, saved or not, stays.
    if (!proposal || !isAutomatic(proposal) || row.choice || touched.has(row.key)) return [];
    const choice: Link = {
      is: 'linked',
      company_id: proposal.company.id,
      how: 'auto',
      reason: proposal.reason,
      is_shared: false,
    };
    return [[row.key, { choice, before: null, name: row.name }]];
  });
}

/** A choice by a person's own hand. */
export function pickOf(row: LinkRow, company: CompanyRef, isShared: boolean): Edit<Link> {
  const choice: Link = { is: 'linked', company_id: company.id, how: 'manual', is_shared: isShared };
  return { choice, before: row.choice ?? null, name: row.name };
}

/** What tells a company from its namesakes. */
export function about(company: CompanyRef): string {
  const parts = [company.city, company.type_name, `id ${company.id}`, company.is_active ? '' : 'inactive'];
  return parts.filter(Boolean).join(', ');
}
