import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { Inbox, PencilLine, Plug, SearchX } from 'lucide-react';
import { inboxQuery } from '../api/mappings';
import { usePrimarySource } from './primarySource';
import classes from './shell.module.css';
import { useRefreshAfterRuns } from './useRefreshAfterRuns';

/** Views of their own; all others belong to Integrations, which then stays marked. */
const OWN = ['/why-missing', '/inbox', '/write-back'];

export function Navigation() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: inbox } = useQuery(inboxQuery);
  const source = usePrimarySource();
  useRefreshAfterRuns();
  const n = inbox?.items.length ?? 0;
  const own = OWN.find((view) => path === view || path.startsWith(`${view}/`));
  return (
    <>
      <h2 id="nav-administration">Administration</h2>
      <ul aria-labelledby="nav-administration">
        <li>
          <Link to="/integrations" className={classes.link} {...current(!own)}>
            <Plug size={18} aria-hidden /> Integrations
          </Link>
        </li>
        {source === 'autotask' && (
          <li>
            <Link to="/write-back" className={classes.link} {...current(own === '/write-back')}>
              <PencilLine size={18} aria-hidden /> Warranty write-back
            </Link>
          </li>
        )}
        <li>
          <Link to="/inbox" className={classes.link} {...current(own === '/inbox')}>
            <Inbox size={18} aria-hidden /> Inbox
            {n > 0 && (
              <Badge color="yellow" variant="light" size="sm" radius="sm">
                {n}
                <span className="visually-hidden"> waiting</span>
              </Badge>
            )}
          </Link>
        </li>
        <li>
          <Link to="/why-missing" className={classes.link} {...current(own === '/why-missing')}>
            <SearchX size={18} aria-hidden /> Why is it missing?
          </Link>
        </li>
      </ul>
    </>
  );
}

function current(isCurrent: boolean): { 'aria-current'?: 'page' } {
  return isCurrent ? { 'aria-current': 'page' } : {};
}
