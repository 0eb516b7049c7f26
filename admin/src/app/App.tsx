import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { newQueryClient } from '../api/queries';
import { SessionExpired } from '../auth/SessionExpired';
import { SignedOut } from '../auth/SignedOut';
import { useSession } from '../auth/session';
import { router } from './router';
import { theme } from './theme';

/** Styles come from files alone: generated ones would be inline. */
export function App() {
  const session = useSession();
  const [queryClient] = useState(newQueryClient);
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme="light"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="top-right" limit={3} />
        {session.state === 'signed_out' ? (
          <SignedOut reason={session.reason} />
        ) : (
          <>
            <RouterProvider router={router} />
            {session.state === 'expired' && <SessionExpired />}
          </>
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
