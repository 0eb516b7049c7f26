import {
  Ban,
  CheckCircle2,
  CircleDashed,
  CirclePause,
  Hand,
  Hourglass,
  KeyRound,
  LoaderCircle,
  SkipForward,
  type LucideIcon,
  Trash2,
  TriangleAlert,
  XCircle,
} from 'lucide-react';
import type {
  FeatureState,
  RightState,
  LogKind,
  RunState,
  RunTrigger,
  Settings,
  Stage,
  Status,
} from '../api/types';
import type { Tone } from './Sign';

export interface Look {
  tone: Tone;
  icon: LucideIcon;
  text: string;
  /** What it means, and what to do. */
  help: string;
}

const look = (tone: Tone, icon: LucideIcon, text: string, help: string): Look => ({ tone, icon, text, help });

const STATUS: Record<Status, Look> = {
  setup: look('calm', CircleDashed, 'Not set up', 'Enter the API user in the settings, test it, and save.'),
  loading: look(
    'busy',
    LoaderCircle,
    'First sync under way',
    'You can use everything that is already loaded.',
  ),
  healthy: look('good', CheckCircle2, 'Healthy', 'The last run brought everything.'),
  partly: look(
    'warn',
    TriangleAlert,
    'Partly',
    'The last run left something out; its entry in the pull log says what.',
  ),
  failing: look('bad', XCircle, 'Failing', 'Runs fail; the newest entry of the pull log says why.'),
  credentials: look(
    'bad',
    KeyRound,
    'Credentials refused',
    'Autotask refuses the login, so nothing more is tried. Correct user name and password, test them, and save.',
  ),
  throttled: look(
    'warn',
    Hourglass,
    'Waiting for Autotask',
    'Autotask’s hourly limit is nearly used up. The run goes on by itself when there is room.',
  ),
  held: look(
    'warn',
    Hand,
    'Held: needs you',
    'More records vanished than housekeeping explains. Nothing was removed; check the security level of the API user.',
  ),
  paused: look(
    'calm',
    CirclePause,
    'Paused',
    'The integration is not active, so nothing is pulled. Check “Autotask Integration Active” in the settings and save: it goes on where it was.',
  ),
  closing: look('busy', Trash2, 'Being deleted', 'Everything that is stored about you is being deleted.'),
};

/** Settings that are stored while the integration was never active. */
const SAVED = look(
  'calm',
  CirclePause,
  'Saved, not active',
  'The settings are stored, but nothing is pulled yet. Check “Autotask Integration Active” in the settings and save: the initial sync then starts.',
);
const WITHOUT_PASSWORD = look(
  'calm',
  CircleDashed,
  'Saved without a password',
  'The settings are stored, but not the password of the API user. Enter it in the settings, test it, and save.',
);

/** How the integration fares, and what is to be done next. */
export function statusOf({ status, version, password }: Settings): Look {
  if (status !== 'setup' || version === 0) return STATUS[status];
  return password.stored ? SAVED : WITHOUT_PASSWORD;
}

export const RUN_STATE: Record<RunState, Look> = {
  queued: look('busy', Hourglass, 'Queued', 'It begins in a moment.'),
  running: look('busy', LoaderCircle, 'Running', 'Records are being read.'),
  throttled: look('warn', Hourglass, 'Waiting', 'It goes on when Autotask’s hourly limit has room again.'),
  stalled: look('warn', TriangleAlert, 'Stalled', 'Its worker fell silent. It is taken over by itself.'),
  done: look('good', CheckCircle2, 'Done', 'Everything was read.'),
  partly: look('warn', TriangleAlert, 'Partly done', 'Records were rejected or an entity was skipped.'),
  failed: look(
    'bad',
    XCircle,
    'Failed',
    'It broke off. What was read stays, and the next run goes on from there.',
  ),
  stopped: look('calm', Ban, 'Stopped', 'An admin switched the integration off.'),
  credentials: look('bad', KeyRound, 'Credentials refused', 'Autotask refused the login.'),
  held: look('warn', Hand, 'Held', 'More is missing in Autotask than may be removed without a person.'),
  skipped: look(
    'calm',
    SkipForward,
    'Skipped',
    'An earlier sync was not over when this night came, so none was begun; that one goes on instead.',
  ),
};

export const RUN_KIND: Record<LogKind, string> = {
  initial: 'Initial sync',
  nightly: 'Nightly sync',
  write_back: 'Warranty write-back',
  auto_map: 'Auto-map',
};

export const TRIGGER: Record<RunTrigger, string> = {
  first_save: 'First save',
  schedule: 'Schedule',
  manual: 'Run now',
};

export const STAGE: Record<Stage, string> = {
  waiting: 'Waiting',
  reading: 'Reading all rows',
  catching_up: 'Catching up with changes',
  checking: 'Comparing counts',
  done: 'Done',
  skipped: 'Skipped',
};

export const FEATURE_STATE: Record<FeatureState, Look> = {
  granted: look('good', CheckCircle2, 'Granted', ''),
  restricted: look('warn', TriangleAlert, 'Granted in part', ''),
  nothing_seen: look('warn', TriangleAlert, 'Nothing seen', ''),
  missing: look('bad', XCircle, 'Not granted', ''),
  not_tested: look('warn', CircleDashed, 'Not tested', ''),
  granted_not_needed: look('calm', CheckCircle2, 'Granted, not needed', ''),
  not_granted_not_needed: look('calm', CircleDashed, 'Not granted, not needed', ''),
};

export const RIGHT_STATE: Record<RightState, Look> = {
  granted: FEATURE_STATE.granted,
  restricted: FEATURE_STATE.restricted,
  nothing_seen: FEATURE_STATE.nothing_seen,
  missing: FEATURE_STATE.missing,
  not_tested: FEATURE_STATE.not_tested,
};
