import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api/client';
import { App } from './app/App';
import { loadConfig } from './auth/config';
import { finishInWindow, finishSignIn, prepare, refuse, signIn } from './auth/session';

/** Set while the person has signed out on purpose: then nothing sends them back at once. */
const SIGNED_OUT = 'signed-out';

async function begin(): Promise<void> {
  const config = await loadConfig();
  connect(config.api_base);
  prepare(config);
  const isAnswer = window.location.pathname.endsWith('/callback');
  if (isAnswer && window.opener) return finishInWindow(window.location.href);
  if (isAnswer) await comeBack();
  else if (new URLSearchParams(window.location.search).has(SIGNED_OUT)) refuse('');
  else return signIn();
  show();
}

async function comeBack(): Promise<void> {
  const view = await finishSignIn(window.location.href).catch((error: unknown) => {
    refuse(error instanceof Error ? error.message : String(error));
    return '#/';
  });
  // The code in the address is used up, and nobody should keep it as a bookmark.
  window.history.replaceState(null, '', `./${view}`);
}

function show(): void {
  const root = document.getElementById('root');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

begin().catch((error: unknown) => {
  refuse(`The page could not start: ${error instanceof Error ? error.message : String(error)}`);
  show();
});
