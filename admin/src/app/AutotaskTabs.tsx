import { Anchor, Breadcrumbs, Tabs, Text, Title } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { type PrimarySource, usePrimarySource } from './primarySource';

interface Tab {
  path: string;
  title: string;
}

/** The tabs, in the order in which the instructions show them; never both sets at once. */
const TABS: Record<PrimarySource, readonly Tab[]> = {
  autotask: [
    { path: '/settings', title: 'Settings and Pull Log' },
    { path: '/asset-types', title: 'Asset Mapping' },
    { path: '/companies', title: 'Company Mapping' },
    { path: '/asset-statuses', title: 'Asset Status Mapping' },
  ],
  it_glue: [
    { path: '/settings', title: 'Settings and Pull Log' },
    { path: '/company-links', title: 'Link Companies to IT GLUE' },
  ],
};

/** Frame of the views of the Autotask integration. */
export function AutotaskTabs() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const tabs = TABS[usePrimarySource()];
  const active = tabs.find((tab) => path === tab.path)?.path ?? '/settings';
  return (
    <>
      <Breadcrumbs mb={4}>
        <Anchor component={Link} to="/integrations" size="sm" underline="always">
          Integrations
        </Anchor>
        <Text size="sm">Autotask</Text>
      </Breadcrumbs>
      <Title order={1} size="h2" mb="sm">
        Datto Autotask PSA Settings
      </Title>
      <Tabs
        value={active}
        onChange={(to) => to && void navigate({ to })}
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <Tabs.List aria-label="Autotask">
          {tabs.map((tab) => (
            <Tabs.Tab key={tab.path} value={tab.path}>
              {tab.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((tab) => (
          <Tabs.Panel key={tab.path} value={tab.path} pt="md">
            <Outlet />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
