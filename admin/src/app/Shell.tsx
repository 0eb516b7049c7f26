import { Alert, Badge, Button, Group, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { LogOut, WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { settingsQuery } from '../api/queries';
import { signOut, usePerson } from '../auth/session';
import { TimeZone } from '../ui/format';
import { Shortfall } from '../ui/Shortfall';
import { Navigation } from './Navigation';
import classes from './shell.module.css';

/** Frame of every view: who is signed in, where one can go, and what is shown. */
export function Shell() {
  const query = useQuery(settingsQuery);
  return (
    <TimeZone value={query.data?.time_zone ?? 'UTC'}>
      <div className={classes.shell}>
        <SkipLink />
        <Bar />
        <nav className={classes.nav} aria-label="Main">
          <Navigation />
        </nav>
        <Main>
          <Shortfall of={query} what="The state of the integration" />
        </Main>
      </div>
    </TimeZone>
  );
}

function SkipLink() {
  // A link to #main would change the view, since views are behind the hash.
  return (
    <button type="button" className={classes.skip} onClick={() => document.getElementById('main')?.focus()}>
      Skip to content
    </button>
  );
}

function Bar() {
  const person = usePerson();
  return (
    <header className={classes.bar}>
      <Link to="/integrations" className={classes.brand}>
        Lifecycle Insights
      </Link>
      <Group gap="sm">
        <Text size="sm">
          {person.email} <span className="visually-hidden">of tenant</span> <b>{person.tenant}</b>
        </Text>
        <Badge color={person.isAdmin ? 'blue' : 'gray'} variant="light" tt="none" radius="sm">
          Role: {person.isAdmin ? 'admin' : 'reader'}
        </Badge>
        <Button
          size="xs"
          variant="default"
          leftSection={<LogOut size={14} aria-hidden />}
          onClick={() => void signOut()}
        >
          Sign out
        </Button>
      </Group>
    </header>
  );
}

function Main({ children }: { children: ReactNode }) {
  const { online } = useNetwork();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1} className={classes.main}>
      {!online && (
        <Alert color="yellow" icon={<WifiOff aria-hidden />} title="You are offline" role="status" mb="md">
          What you see was loaded before. Nothing can be saved until the connection is back; it is then
          refreshed by itself.
        </Alert>
      )}
      {children}
      <Outlet />
    </main>
  );
}
