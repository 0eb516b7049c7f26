import type { Draft, Settings } from '../api/types';
import type { PrimarySource } from '../app/primarySource';

/** What the form holds; the password is empty unless a new one is entered. */
export interface Form {
  active: boolean;
  username: string;
  password: string;
  contracts: boolean;
  tickets: boolean;
  opportunities: boolean;
  primarySource: PrimarySource;
  lookbackMonths: number;
  writeBack: boolean;
  timeZone: string;
  recipients: string[];
}

export type Field = keyof Form;

export const LABELS: Record<Field, string> = {
  active: 'Autotask Integration Active',
  username: 'Enter the API User Name As Specified in Autotask',
  password: 'Enter the API Password As Specified in Autotask',
  contracts: 'Pull Contracts from Datto Autotask',
  tickets: 'Pull Tickets from Datto Autotask',
  opportunities: 'Pull Opportunities from Datto Autotask',
  primarySource: 'Primary source of companies and assets',
  lookbackMonths: 'Months of tickets before a company was linked',
  writeBack: 'Write warranty expiration dates back to Autotask',
  timeZone: 'Time zone',
  recipients: 'E-mail also to',
};

export const SOURCE_NAMES: Record<PrimarySource, string> = { autotask: 'Autotask', it_glue: 'IT Glue' };

/** How a change is named; the label of the two login fields is a whole sentence. */
const SHORT: Partial<Record<Field, string>> = { username: 'API user name', password: 'API password' };

/** The API names fields otherwise. */
const OF_API: Record<string, Field> = {
  active: 'active',
  username: 'username',
  password: 'password',
  time_zone: 'timeZone',
  recipients: 'recipients',
  primary_source: 'primarySource',
  lookback_months: 'lookbackMonths',
  warranty_write_back: 'writeBack',
};

/** The field of the form that an error of the API is about. */
export function fieldOf(name: string | undefined): Field | undefined {
  return OF_API[name?.replace(/[.[].*$/, '') ?? ''];
}

export function formOf(settings: Settings): Form {
  const { contracts = false, tickets = false, opportunities = false } = settings.pulls;
  const isNew = settings.version === 0;
  return {
    active: settings.active,
    username: settings.username,
    password: '',
    contracts,
    tickets,
    opportunities,
    primarySource: settings.primary_source,
    lookbackMonths: settings.lookback_months,
    writeBack: settings.warranty_write_back,
    // Somebody who sets up for the first time most likely means their own nights.
    timeZone: isNew ? Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC' : settings.time_zone,
    recipients: settings.recipients,
  };
}

/** What is stored now, with whatever was entered since a form was sent. */
export function keptSince(sent: Form, entered: Form, stored: Form): Form {
  const fields = Object.keys(LABELS) as Field[];
  const since = fields.filter((field) => JSON.stringify(entered[field]) !== JSON.stringify(sent[field]));
  return { ...stored, ...Object.fromEntries(since.map((field) => [field, entered[field]])) };
}

export function draftOf(form: Form, version: number, saveAnyway = false): Draft {
  const { contracts, tickets, opportunities } = form;
  return {
    active: form.active,
    username: form.username,
    password: form.password || null,
    pulls: { contracts, tickets, opportunities },
    primary_source: form.primarySource,
    lookback_months: form.lookbackMonths,
    warranty_write_back: asSaved(form).writeBack,
    time_zone: form.timeZone,
    recipients: form.recipients,
    version,
    save_anyway: saveAnyway,
  };
}

/** Whether the login that is entered is another one than the stored. */
export function hasNewLogin(form: Form, stored: Settings): boolean {
  return form.password !== '' || form.username !== stored.username;
}

/** Whether saving is refused unless Autotask takes the login; what is not active may be stored without. */
export function needsLogin(form: Form, stored: Settings): boolean {
  return form.active && (hasNewLogin(form, stored) || stored.login.state !== 'good');
}

/** Beside IT Glue the assets are IT Glue's, and nothing is written back. */
function asSaved(form: Form): Form {
  return { ...form, writeBack: form.writeBack && form.primarySource === 'autotask' };
}

/** One difference, as a person reads it. */
export interface Change {
  field: Field;
  name: string;
  before: string;
  after: string;
}

export function changes(former: Form, entered: Form, stored?: Settings): Change[] {
  const fields = Object.keys(LABELS) as Field[];
  const [before, after] = [asSaved(former), asSaved(entered)];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({
      field,
      name: SHORT[field] ?? LABELS[field],
      before: field === 'password' && !stored?.password.stored ? 'none' : shown(field, before[field]),
      after: shown(field, after[field]),
    }));
}

function shown(field: Field, value: Form[Field]): string {
  if (field === 'password') return value ? 'a new one' : 'as stored';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (field === 'primarySource') return SOURCE_NAMES[value as PrimarySource];
  if (typeof value === 'number') return String(value);
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text === '' ? 'none' : text;
}

/** Takes what is entered exactly, but says so where a blank may have been copied along. */
export function blanks(text: string): string | undefined {
  return text !== text.trim() ? 'Begins or ends with a blank; it is used exactly so.' : undefined;
}
