import { Alert, Button, Group, List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Approval, type Plan, type PlanRow, type RowFilter, useApply } from '../api/warranties';
import { Dialog } from '../ui/Dialog';
import { countOf } from '../ui/format';
import { done, failed } from '../ui/notify';
import { isOpen } from './planColumns';

interface Props {
  plan: Plan;
  rows: PlanRow[];
  filter: RowFilter;
  picked: ReadonlySet<number>;
  /** The switch of the write-back. */
  isOn: boolean;
  onApplied: () => void;
}

/** What a person is about to approve. */
interface Wish {
  what: string;
  approval: Approval;
}

/** Approves everything, one client, or the rows that were picked. */
export function Approve({ plan, rows, filter, picked, isOn, onApplied }: Props) {
  const [wish, setWish] = useState<Wish>();
  const client =
    filter.company === undefined ? undefined : rows.find((row) => row.company_id === filter.company);
  const clientName = client?.company ?? `company ${filter.company ?? ''}`;
  const isFirst = plan.jobs.length === 0;
  const all = countOf(plan.n_writes, 'date');
  const hasClientRows = client !== undefined && rows.some(isOpen);
  if (!isOn) {
    return (
      <Alert color="gray" title="The write-back is switched off">
        This plan can be looked at; nothing of it can be written.{' '}
        <Link to="/write-back" className="row-link">
          Switch it on
        </Link>{' '}
        to approve rows.
      </Alert>
    );
  }
  return (
    <>
      <Group gap="sm">
        <Button
          size="xs"
          onClick={() =>
            setWish({
              what: isFirst
                ? `every row that writes (${all})`
                : 'every row that writes and was not written yet',
              approval: { all: true },
            })
          }
        >
          {isFirst ? `Approve all ${all}` : 'Approve all that is left'}
        </Button>
        {hasClientRows && (
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              setWish({
                what: `every row of ${clientName} that writes`,
                approval: { company_ids: [client.company_id] },
              })
            }
          >
            Approve {clientName}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          disabled={picked.size === 0}
          onClick={() =>
            setWish({
              what: `the ${countOf(picked.size, 'picked row')}`,
              approval: { asset_ids: [...picked] },
            })
          }
        >
          Approve {countOf(picked.size, 'picked row')}
        </Button>
      </Group>
      {wish && (
        <Confirm
          plan={plan}
          wish={wish}
          onClose={() => setWish(undefined)}
          onApplied={() => {
            setWish(undefined);
            onApplied();
          }}
        />
      )}
    </>
  );
}

interface ConfirmProps {
  plan: Plan;
  wish: Wish;
  onClose: () => void;
  onApplied: () => void;
}

function Confirm({ plan, wish, onClose, onApplied }: ConfirmProps) {
  const apply = useApply(plan);
  async function run() {
    try {
      await apply.mutateAsync(wish.approval);
      done('Approved', 'The rows are being written; this page shows how far it is.');
      onApplied();
    } catch (error) {
      failed('Nothing was written', error);
    }
  }
  return (
    <Dialog onClose={onClose} title="Write to Autotask?">
      <Text size="sm">You approve {wish.what}. What happens:</Text>
      <List size="sm" my="xs" spacing={4}>
        <List.Item>Only the warranty expiration date of these assets is changed.</List.Item>
        <List.Item>
          The first three are compared whole, before and after. If anything else changed, everything is taken
          back and it stops.
        </List.Item>
        <List.Item>A date that somebody changed in Autotask since this plan is left alone.</List.Item>
        <List.Item>Every write stands in the journal with its old date, and can be taken back.</List.Item>
        {wish.approval.all && (
          <List.Item>
            With all of a plan approved, later nights write by themselves, up to the number of dates a run
            that the policy allows. Taking a plan back ends that.
          </List.Item>
        )}
      </List>
      <Group mt="md">
        <Button loading={apply.isPending} onClick={() => void run()}>
          Write these dates
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Dialog>
  );
}
