import { Anchor, Breadcrumbs, Tabs, Text, Title } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { usePrimarySource } from '../app/primarySource';
import { usePerson } from '../auth/session';
import { Empty, ReadOnlyNote } from '../ui/states';

const VIEWS = [
  { path: '/write-back', title: 'Plans' },
  { path: '/write-back/policy', title: 'Policy' },
  { path: '/write-back/locks', title: 'Locks' },
  { path: '/write-back/journal', title: 'Journal' },
] as const;

/** Frame of the views of the warranty write-back. */
export function WriteBackFrame() {
  const source = usePrimarySource();
  return (
    <>
      <Breadcrumbs mb={4}>
        <Anchor component={Link} to="/integrations" size="sm" underline="always">
          Integrations
        </Anchor>
        <Anchor component={Link} to="/settings" size="sm" underline="always">
          Autotask
        </Anchor>
        <Text size="sm">Warranty write-back</Text>
      </Breadcrumbs>
      <Title order={1} size="h2" mb={4}>
        Warranty Write-Back
      </Title>
      <Text size="sm" mb="sm" maw="60rem">
        Writes warranty expiration dates to Autotask, and nothing else. A plan only tells what would change;
        what you approve is written, read back and journalled, and can be taken back.
      </Text>
      {source === 'it_glue' ? <BesideItGlue /> : <Views />}
    </>
  );
}

function BesideItGlue() {
  return (
    <Empty title="Nothing is written back beside IT Glue">
      Companies and assets are IT Glue’s, so there is no asset of Autotask to write to.{' '}
      <Anchor component={Link} to="/settings" underline="always" inherit>
        Primary source
      </Anchor>
    </Empty>
  );
}

function Views() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const { isAdmin } = usePerson();
  const active = VIEWS.find((view) => path === view.path)?.path ?? '/write-back';
  return (
    <>
      {!isAdmin && <ReadOnlyNote />}
      <Tabs
        value={active}
        onChange={(to) => to && void navigate({ to })}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Tabs.List aria-label="Warranty write-back">
          {VIEWS.map((view) => (
            <Tabs.Tab key={view.path} value={view.path}>
              {view.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {VIEWS.map((view) => (
          <Tabs.Panel key={view.path} value={view.path} pt="md">
            <Outlet />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
