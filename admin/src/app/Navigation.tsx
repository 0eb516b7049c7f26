import { Link, useRouterState } from '@tanstack/react-router';
import { Plug } from 'lucide-react';
import classes from './shell.module.css';

export function Navigation() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <h2 id="nav-administration">Administration</h2>
      <ul aria-labelledby="nav-administration">
        <li>
          <Link
            to="/integrations"
            className={classes.link}
            {...current(path !== '/why-missing' && path !== '/inbox')}
          >
            <Plug size={18} aria-hidden /> Integrations
          </Link>
        </li>
      </ul>
    </>
  );
}

/** Settings and mappings belong to Integrations, which therefore stays marked. */
function current(isCurrent: boolean): { 'aria-current'?: 'page' } {
  return isCurrent ? { 'aria-current': 'page' } : {};
}
