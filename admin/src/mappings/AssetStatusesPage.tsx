import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ASSET_STATUSES, type StatusesView, type StatusRow, statusesQuery } from '../api/mappings';
import { usePerson } from '../auth/session';
import { count } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Shortfall } from '../ui/Shortfall';
import { Failed, Loading } from '../ui/states';
import { AddTargetButton } from './AddTargetButton';
import { MappingFrame } from './MappingFrame';
import classes from './mappings.module.css';
import { TargetPicker } from './TargetPicker';
import { targetName } from './targets';
import { useEditor } from './useEditor';

/** What holds where nobody chose. */
const OTHERWISE: Record<string, string> = { active: 'active', inactive: 'inactive', unset: 'active' };

/** The tab "Asset Status Mapping". */
export function AssetStatusesPage() {
  const query = useQuery(statusesQuery);
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Loading what="asset statuses" />;
  if (!data) return <Failed error={error} what="The asset statuses" retry={() => void refetch()} />;
  return (
    <>
      <Shortfall of={query} what="The asset statuses" />
      <AssetStatuses view={data} />
    </>
  );
}

function AssetStatuses({ view }: { view: StatusesView }) {
  const { isAdmin } = usePerson();
  const editor = useEditor(ASSET_STATUSES, view.version);
  const editOf = (row: StatusRow, choice: string | null) => ({
    choice,
    before: row.choice ?? null,
    name: row.name,
  });
  return (
    <MappingFrame
      title="Asset Status Mapping"
      help="What Autotask’s active flag means here. It applies after the company and the type: an asset is shown if all three keep it."
      area={ASSET_STATUSES}
      version={view.version}
      editor={editor}
      shown={(choice) => targetName(view.targets, choice)}
      actions={isAdmin && <AddTargetButton what="status" targets={view.targets} editor={editor} />}
    >
      <section className="card scroll-x" aria-label="Asset statuses, scrollable" tabIndex={0}>
        <Table aria-label="Asset statuses">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Status in Autotask</Table.Th>
              <Table.Th scope="col" className="number">
                Assets
              </Table.Th>
              <Table.Th scope="col">Shown as</Table.Th>
              <Table.Th scope="col">Last change</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {view.rows.map((row) => {
              const edit = editor.edits.get(row.key);
              return (
                <Table.Tr key={row.key} className={edit ? classes.changed : undefined}>
                  <Table.Th scope="row" fw={500}>
                    {row.name}
                  </Table.Th>
                  <Table.Td className="number">{count(row.n_assets)}</Table.Td>
                  <Table.Td>
                    <TargetPicker
                      label={`${row.name} is shown as`}
                      targets={view.targets}
                      newTargets={editor.newTargets}
                      choice={edit ? edit.choice : (row.choice ?? null)}
                      otherwise={row.because === 'chosen' ? (OTHERWISE[row.key] ?? row.target) : row.target}
                      isDisabled={!isAdmin}
                      onChange={(choice) => editor.change([[row.key, editOf(row, choice)]])}
                    />
                  </Table.Td>
                  <Table.Td>
                    {row.changed_at ? (
                      <Text size="sm">
                        <Moment at={row.changed_at} /> by {row.changed_by}
                      </Text>
                    ) : (
                      ''
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </section>
    </MappingFrame>
  );
}
