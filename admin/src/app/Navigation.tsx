import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { Inbox, Plug, SearchX } from 'lucide-react';
import { inboxQuery } from '../api/mappings';
import classes from './shell.module.css';

/** Views of their own; all others belong to Integrations, which then stays marked. */
const OWN = ['/why-missing', '/inbox'];

export function Navigation() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: inbox } = useQuery(inboxQuery);
  const n = inbox?.items.length ?? 0;
  return (
    <>
      <h2 id="nav-administration">Administration</h2>
      <ul aria-labelledby="nav-administration">
        <li>
          <Link to="/integrations" className={classes.link} {...current(!OWN.includes(path))}>
            <Plug size={18} aria-hidden /> Integrations
          </Link>
        </li>
        <li>
          <Link to="/inbox" className={classes.link} {...current(path === '/inbox')}>
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
          <Link to="/why-missing" className={classes.link} {...current(path === '/why-missing')}>
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
