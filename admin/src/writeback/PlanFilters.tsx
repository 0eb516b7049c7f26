import { Button, Chip, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Decision, Plan } from '../api/warranties';
import type { PlanSearch } from '../app/router';
import { count } from '../ui/format';
import { CompaniesLack, useCompanies } from './companies';
import { DECISION, RULE } from './looks';

/** Narrows the rows down by verdict, rule and company; stands in the address, so that it can be passed on. */
export function PlanFilters({ plan, search }: { plan: Plan; search: PlanSearch }) {
  const navigate = useNavigate();
  const companies = useCompanies();
  function set(part: { [name in keyof PlanSearch]: PlanSearch[name] | undefined }) {
    const kept = Object.entries({ ...search, ...part }).filter(([, value]) => value !== undefined);
    void navigate({
      to: '/write-back/plans/$id',
      params: { id: plan.id },
      search: Object.fromEntries(kept) as PlanSearch,
      replace: true,
    });
  }
  const nOf = (decision: Decision) =>
    plan.rules.reduce((sum, rule) => sum + (rule.decision === decision ? rule.n_rows : 0), 0);
  return (
    <>
      <Group gap="sm" role="search" aria-label="Filter the rows" align="flex-end">
        <Select
          label="Rule"
          placeholder="Every rule"
          data={plan.rules.map((one) => ({
            value: one.rule,
            label: `${RULE[one.rule]} (${count(one.n_rows)})`,
          }))}
          value={search.rule ?? null}
          clearable
          clearButtonProps={{ 'aria-label': 'Every rule' }}
          onChange={(rule) => set({ rule: rule ?? undefined })}
        />
        <Select
          label="Company"
          placeholder="Every company"
          data={companies.options}
          value={search.company === undefined ? null : String(search.company)}
          searchable
          clearable
          limit={50}
          nothingFoundMessage={companies.notFound}
          clearButtonProps={{ 'aria-label': 'Every company' }}
          onChange={(company) => set({ company: company === null ? undefined : Number(company) })}
        />
        <Chip.Group
          value={search.decision ?? ''}
          onChange={(value) => set({ decision: value === '' ? undefined : value })}
        >
          <Group gap="xs" mb={6}>
            <Chip value="" size="xs">
              All ({count(plan.n_rows)})
            </Chip>
            {(Object.keys(DECISION) as Decision[]).map((decision) => (
              <Chip key={decision} value={decision} size="xs">
                {DECISION[decision].text} ({count(nOf(decision))})
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {Object.keys(search).length > 0 && (
          <Button
            variant="subtle"
            size="xs"
            mb={4}
            onClick={() => set({ decision: undefined, rule: undefined, company: undefined })}
          >
            Clear filters
          </Button>
        )}
      </Group>
      <CompaniesLack of={companies} />
    </>
  );
}
