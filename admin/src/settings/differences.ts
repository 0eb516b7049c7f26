import type { AuditRow, RunKind } from '../api/types';
import type { PrimarySource } from '../app/primarySource';
import { words } from '../ui/format';
import { RUN_KIND } from '../ui/status';
import { LABELS, SOURCE_NAMES } from './form';

/** What was done, as people say it. */
export const WHAT: Record<string, string> = {
  'settings.saved': 'Settings saved',
  'settings.deleted': 'Integration deleted',
  'settings.disabled': 'Switched off by itself',
  'run.requested': 'Run started by hand',
  'it_glue.saved': 'IT Glue saved',
};

/** Fields by the names that the page has for them. */
const NAMES: Record<string, string> = {
  is_active: LABELS.active,
  username: 'API user name',
  password: 'API password',
  pulls: 'Optional data',
  primary_source: LABELS.primarySource,
  lookback_months: LABELS.lookbackMonths,
  writes_warranties: LABELS.writeBack,
  time_zone: LABELS.timeZone,
  recipients: LABELS.recipients,
  plan_limit: 'Active companies that the plan allows',
  key_changed_at: 'IT Glue API key',
  confirmed: 'Deletions confirmed of',
};

/** A line for each field that is different. */
export function differences(row: AuditRow): string[] {
  const [before, after] = [asRecord(row.before), asRecord(row.after)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name) => {
    const [was, is] = [shown(name, before[name]), shown(name, after[name])];
    const label = NAMES[name] ?? words(name);
    return was === '' || was === is ? `${label}: ${is}` : `${label}: ${was} → ${is}`;
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  // Of a secret nothing is told but that it is another one.
  if (name === 'password' || name === 'key_changed_at') return 'a new one';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.map((one) => shown(name, one)).join(', ') || 'none';
  if (typeof value === 'string') return textOf(name, value);
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(
      ([part, inner]) => `${words(part).toLowerCase()} ${shown(part, inner)}`,
    );
    return parts.join(', ');
  }
  return JSON.stringify(value);
}

function textOf(name: string, value: string): string {
  if (name === 'primary_source') return SOURCE_NAMES[value as PrimarySource];
  if (name === 'kind') return RUN_KIND[value as RunKind];
  if (name === 'region') return value.toUpperCase();
  return name === 'entities' || name === 'confirmed' ? words(value) : value;
}
