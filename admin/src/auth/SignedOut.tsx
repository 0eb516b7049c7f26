import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { LogIn } from 'lucide-react';
import { signIn } from './session';

/** Shown after signing out, and when signing in did not work. */
export function SignedOut({ reason }: { reason: string | undefined }) {
  return (
    <Stack component="main" align="center" gap="md" p="xl" mt="xl">
      <Title order={1} size="h2">
        Lifecycle Insights
      </Title>
      {reason ? (
        <Alert color="red" role="alert" title="Signing in did not work" maw={480}>
          {reason}
        </Alert>
      ) : (
        <Text>You are signed out.</Text>
      )}
      <Button leftSection={<LogIn size={16} aria-hidden />} onClick={() => void signIn()}>
        Sign in
      </Button>
    </Stack>
  );
}
