import { Anchor, Breadcrumbs, Tabs, Text, Title } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { usePrimarySource } from './primarySource';
import { OnlyBeside } from './OnlyBeside';
import { sourceOf, TABS } from './tabs';

/** Frame of the views of the Autotask integration. */
export function AutotaskTabs() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const source = usePrimarySource();
  // Which of the two sets it is, is not known yet; what every tenant has is.
  const tabs = source ? TABS[source] : TABS.autotask.slice(0, 1);
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
            <OnlyBeside of={sourceOf(path)}>
              <Outlet />
            </OnlyBeside>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
