import {
  Ban,
  CheckCircle2,
  CircleDashed,
  CircleMinus,
  Hand,
  Hourglass,
  LoaderCircle,
  PencilLine,
  TriangleAlert,
  Undo2,
  XCircle,
} from 'lucide-react';
import type { Decision, Job, Mode, Policy, Rule, Source } from '../api/warranties';
import type { Look } from '../ui/status';
import { countOf } from '../ui/format';

type Brief = Pick<Look, 'tone' | 'icon' | 'text'>;

export const DECISION: Record<Decision, Brief> = {
  write: { tone: 'busy', icon: PencilLine, text: 'Write' },
  hold: { tone: 'warn', icon: Hand, text: 'Hold' },
  skip: { tone: 'calm', icon: CircleMinus, text: 'Skip' },
};

export const JOB_STATE: Record<Job['state'], Brief> = {
  queued: { tone: 'busy', icon: Hourglass, text: 'Queued' },
  running: { tone: 'busy', icon: LoaderCircle, text: 'Running' },
  waiting: { tone: 'warn', icon: Hourglass, text: 'Waiting' },
  done: { tone: 'good', icon: CheckCircle2, text: 'Done' },
  stopped: { tone: 'bad', icon: XCircle, text: 'Stopped' },
};

/** What a job's counters and the journal call the end of a row, in the order to be shown. */
export const RESULT: Record<string, Brief> = {
  verified: { tone: 'good', icon: CheckCircle2, text: 'Written and read back' },
  already_there: { tone: 'calm', icon: CheckCircle2, text: 'Was there already' },
  moved: { tone: 'warn', icon: TriangleAlert, text: 'Changed in Autotask, left alone' },
  touched: { tone: 'warn', icon: TriangleAlert, text: 'Edited meanwhile, left alone' },
  failed: { tone: 'bad', icon: XCircle, text: 'Not written' },
  locked: { tone: 'warn', icon: Ban, text: 'Locked since' },
  planned: { tone: 'calm', icon: CircleDashed, text: 'Waits to be written' },
  intended: { tone: 'busy', icon: LoaderCircle, text: 'Being written' },
  ambiguous: { tone: 'busy', icon: LoaderCircle, text: 'Being settled' },
  refused: { tone: 'busy', icon: LoaderCircle, text: 'Being settled' },
  sent: { tone: 'busy', icon: LoaderCircle, text: 'Being read back' },
};

/** Of an undo the same names mean its own writes. */
export const UNDONE: Record<string, Brief> = {
  ...RESULT,
  verified: { tone: 'good', icon: Undo2, text: 'Old date is back' },
  already_there: { tone: 'calm', icon: CheckCircle2, text: 'Old date was back already' },
  planned: { tone: 'calm', icon: CircleDashed, text: 'Waits to be taken back' },
  intended: { tone: 'busy', icon: LoaderCircle, text: 'Being taken back' },
};

/** Ends after which a row needs nothing more of its job. */
export const ENDS: readonly string[] = ['verified', 'already_there', 'moved', 'touched', 'failed', 'locked'];

export function lookOf(result: string, looks: Record<string, Brief> = RESULT): Brief {
  return looks[result] ?? { tone: 'calm', icon: CircleDashed, text: result };
}

/** Rules by their names as a person reads them in a filter. */
export const RULE: Record<Rule, string> = {
  gone: 'Gone from Autotask',
  inactive: 'Inactive asset',
  unmapped: 'Company not mapped',
  ignored: 'Ignored by a mapping',
  client_locked: 'Client locked',
  asset_locked: 'Asset locked',
  tug_of_war: 'Another tool changes it back',
  junk_serial: 'No usable serial number',
  nothing_known: 'No date known',
  not_vendor_sourced: 'Not the vendor’s own date',
  serial_differs: 'Looked up for another serial',
  lifetime: 'Lifetime coverage',
  far_future: 'Too far ahead',
  not_after_install: 'Ends before it began',
  already_there: 'Already there',
  within_tolerance: 'Within the tolerance',
  not_blank: 'Autotask has a date',
  would_shorten: 'Would shorten',
  written_in_vain: 'Autotask did not take it',
  over_cap: 'Over the cap',
  fills_blank: 'Fills a blank',
  lengthens: 'Lengthens',
  shortens: 'Shortens',
};

/** Rules that are asked before any date is looked at. */
const WITHOUT_A_DATE: readonly Rule[] = [
  'gone',
  'inactive',
  'unmapped',
  'ignored',
  'client_locked',
  'asset_locked',
  'tug_of_war',
  'junk_serial',
  'nothing_known',
];

/** True where nothing was judged by a date, since there is none. */
export function hasNoDates(rules: readonly { rule: Rule }[]): boolean {
  return rules.every(({ rule }) => WITHOUT_A_DATE.includes(rule));
}

export const MODE: Record<Mode, { label: string; help: string }> = {
  fill_blanks_only: { label: 'Fill blanks only', help: 'Only assets without a date in Autotask get one.' },
  never_shorten: {
    label: 'Never shorten',
    help: 'The best-founded date is written, unless it is earlier than Autotask’s. Recommended.',
  },
  prefer_latest: {
    label: 'Prefer the latest',
    help: 'The latest of all known dates counts, Autotask’s among them.',
  },
  always: {
    label: 'Always ours',
    help: 'The best-founded date replaces Autotask’s, also by an earlier one: warranties may get shorter.',
  },
};

/** A policy in one sentence. */
export function policyText(policy: Policy): string {
  return [
    MODE[policy.mode].label,
    `differences of up to ${countOf(policy.tolerance_days, 'day')} are left`,
    policy.vendor_sourced_only ? 'vendors’ own dates only' : 'dates of every source',
    `at most ${countOf(policy.cap_rows, 'date')} a run`,
  ].join('; ');
}

const KIND: Record<Source['kind'], string> = {
  vendor: 'vendor',
  manual: 'typed by hand',
  integration: 'another integration',
  estimate: 'estimate',
};

export function sourceText(source: Source | null | undefined): string {
  return source ? `${source.name} (${KIND[source.kind]})` : '';
}
