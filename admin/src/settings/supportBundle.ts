import type { Run, Settings, Usage } from '../api/types';

/** What support gets: everything but secrets, records and people. */
export function bundleOf(settings: Settings, runs: Run[], usage: Usage, now: Date) {
  const { recipients, ...rest } = settings;
  return masked({
    made_at: now.toISOString(),
    page: { language: navigator.language, agent: navigator.userAgent },
    settings: { ...rest, recipients: recipients.length },
    usage,
    runs: runs.map(({ rejected, ...run }) => ({ ...run, rejected: rejected.length })),
  });
}

/** Masks whatever looks like an address or a login, wherever it stands. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/[^\s@"'<>(),;:]+@([^\s@"'<>(),;:]+)/g, '***@$1');
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        name === 'username' ? mask(String(inner)) : masked(inner),
      ]),
    );
  }
  return value;
}

function mask(username: string): string {
  return username.replace(/^[^@]*/, '***');
}
