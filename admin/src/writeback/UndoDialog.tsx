import { Button, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useAllPages } from '../api/useAllPages';
import { isAtWork, journalQuery, type Plan, useUndo } from '../api/warranties';
import { usePerson } from '../auth/session';
import { Day } from '../ui/Day';
import { Dialog } from '../ui/Dialog';
import { countOf } from '../ui/format';
import { done, failed } from '../ui/notify';
import { Shortfall } from '../ui/Shortfall';
import { Empty, Failed, Loading } from '../ui/states';
import classes from './writeback.module.css';

/** Rows of the preview; the count says how many there are. */
const SHOWN_ROWS = 200;

/** What was written, or may have been. */
function isOurs(result: string | undefined): boolean {
  return ['verified', 'intended', 'ambiguous', 'refused', 'sent'].includes(result ?? '');
}

/** Offers to take back what a plan wrote. */
export function UndoButton({ plan }: { plan: Plan }) {
  const { isAdmin } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const job = plan.jobs.at(-1);
  const isUndone = job?.kind === 'undo' && job.state === 'done';
  const canUndo = isAdmin && job !== undefined && !isAtWork(job) && !isUndone;
  if (!canUndo && !isOpen) return null;
  return (
    <>
      <Button
        size="xs"
        variant="outline"
        color="red"
        leftSection={<Undo2 size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Undo this plan
      </Button>
      {isOpen && <UndoDialog plan={plan} onClose={() => setOpen(false)} />}
    </>
  );
}

function UndoDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const undo = useUndo(plan);
  // What a former look at it said may be older than the last write.
  const journal = useInfiniteQuery({ ...journalQuery(plan.id), staleTime: 0 });
  const entries = journal.data?.pages.flatMap((page) => page.entries) ?? [];
  const ours = entries.filter((entry) => isOurs(entry.result) && entry.undo_result !== 'verified');
  // A page may hold nothing but rows that were not written; those after it tell whether that is all.
  const isLooking = ours.length === 0 && journal.hasNextPage;
  useAllPages({ ...journal, hasNextPage: isLooking });
  async function run() {
    try {
      await undo.mutateAsync();
      done('Undo begun', 'The old dates are being restored; this page shows how far it is.');
      onClose();
    } catch (error) {
      failed('Nothing was taken back', error);
    }
  }
  return (
    <Dialog onClose={onClose} size="lg" title="Take back what this plan wrote?">
      {(journal.isPending || (isLooking && !journal.isFetchNextPageError)) && (
        <Loading what="what was written" />
      )}
      {journal.error && !journal.data && (
        <Failed error={journal.error} what="The journal" retry={() => void journal.refetch()} />
      )}
      <Shortfall of={journal} what="The journal" loaded={countOf(entries.length, 'row')} />
      {journal.data && ours.length === 0 && !isLooking && <Empty title="Nothing is left to be taken back" />}
      {ours.length > 0 && (
        <>
          <Text size="sm" data-testid="undo-count">
            {journal.hasNextPage ? 'More than ' : ''}
            {countOf(ours.length, 'date')} would go back to what Autotask held before. A date that somebody
            changed since is left alone and listed.
          </Text>
          <section className={classes.list} aria-label="Dates that go back, scrollable" tabIndex={0}>
            <Table aria-label="Dates that go back">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Asset</Table.Th>
                  <Table.Th scope="col">We wrote</Table.Th>
                  <Table.Th scope="col">Goes back to</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {ours.slice(0, SHOWN_ROWS).map((entry) => (
                  <Table.Tr key={entry.asset_id}>
                    <Table.Th scope="row" fw={500}>
                      {entry.asset_id}
                    </Table.Th>
                    <Table.Td>
                      <Day date={entry.new_date} />
                    </Table.Td>
                    <Table.Td>
                      <Day date={entry.old_date} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
          {ours.length > SHOWN_ROWS && (
            <Text size="sm">The first {SHOWN_ROWS} are shown; the journal has all of them.</Text>
          )}
        </>
      )}
      <Group mt="md">
        <Button
          color="red"
          loading={undo.isPending}
          disabled={!journal.data || ours.length === 0}
          onClick={() => void run()}
        >
          Take back
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Dialog>
  );
}
