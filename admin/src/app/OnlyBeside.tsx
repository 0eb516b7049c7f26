import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { settingsQuery } from '../api/queries';
import { Empty } from '../ui/states';
import type { PrimarySource } from './primarySource';

const WHOSE: Record<PrimarySource, string> = { autotask: 'Autotask', it_glue: 'IT Glue' };

interface Props {
  /** Whose companies and assets the view works with; none: it works with both. */
  of: PrimarySource | undefined;
  children: ReactNode;
}

/** A view that belongs to one source; its address, kept from other days, says so beside the other. */
export function OnlyBeside({ of, children }: Props) {
  const { data } = useQuery(settingsQuery);
  if (!of || !data || data.primary_source === of) return children;
  return (
    <Empty title={`This screen is for companies and assets from ${WHOSE[of]}`}>
      Yours come from {WHOSE[data.primary_source]}, so it has nothing to show and changes nothing. What you
      can do is on{' '}
      <Anchor component={Link} to="/settings" underline="always">
        Settings and Pull Log
      </Anchor>
      .
    </Empty>
  );
}
