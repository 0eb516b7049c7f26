import { Anchor, Breadcrumbs, Tabs, Text, Title } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';

interface Tab {
  path: string;
  title: string;
}

/** The tabs, in the order in which the instructions show them. */
export const TABS: readonly Tab[] = [{ path: '/settings', title: 'Settings and Pull Log' }];

/** Frame of the views of the Autotask integration. */
export function AutotaskTabs() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const active = TABS.find((tab) => path === tab.path)?.path ?? '/settings';
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
          {TABS.map((tab) => (
            <Tabs.Tab key={tab.path} value={tab.path}>
              {tab.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((tab) => (
          <Tabs.Panel key={tab.path} value={tab.path} pt="md">
            <Outlet />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
