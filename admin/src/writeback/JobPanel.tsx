import { Alert, Group, List, Progress, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CheckCircle2, XCircle } from 'lucide-react';
import { isAtWork, type Job } from '../api/warranties';
import { count, countOf } from '../ui/format';
import { Moment } from '../ui/Moment';
import { Sign } from '../ui/Sign';
import { ENDS, JOB_STATE, lookOf, RESULT, UNDONE } from './looks';

/** How far an application or an undo is, what its first rows proved, and why it stopped. */
export function JobPanel({ job }: { job: Job }) {
  const { tone, icon, text } = JOB_STATE[job.state];
  const title = `job-${job.id}`;
  return (
    <section className="card" aria-labelledby={title}>
      <Group gap="sm" mb="xs">
        <Title order={3} size="h5" id={title}>
          {titleOf(job)}
        </Title>
        <Sign tone={tone} icon={icon} text={text} />
        <Text size="sm">
          Asked for by {job.by}, <Moment at={job.asked_at} />
          {job.ended_at && (
            <>
              ; ended <Moment at={job.ended_at} />
            </>
          )}
          .
        </Text>
      </Group>
      {isAtWork(job) && <Bar job={job} />}
      <Counts job={job} />
      {job.words && (
        <Alert color="red" mt="sm" role="alert" title="It stopped and needs you">
          {job.words}
        </Alert>
      )}
      {job.canaries.length > 0 && <Canaries job={job} />}
    </section>
  );
}

/** Phases of an undo after which nothing of ours is left. */
const BACK = ['verified', 'already_there', 'not_written'];

function titleOf(job: Job): string {
  if (job.stop === 'canary') {
    if (isAtWork(job)) return 'Apply, stopped and being taken back';
    const isAllBack = Object.keys(job.n_by_phase).every((name) => BACK.includes(name));
    return isAllBack ? 'Apply, stopped and taken back' : 'Apply, stopped and taken back in part';
  }
  return job.kind === 'undo' ? 'Undo' : 'Apply';
}

function Bar({ job }: { job: Job }) {
  // Rows that nothing was written of have nothing to be taken back.
  const counts = Object.entries(job.n_by_phase).filter(([name]) => name !== 'not_written');
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  const ended = counts.reduce((sum, [name, n]) => sum + (ENDS.includes(name) ? n : 0), 0);
  return (
    <>
      <Text size="sm" role="status">
        {total > 0 ? `${count(ended)} of ${count(total)} rows are at their end.` : 'It begins in a moment.'}{' '}
        {job.state === 'waiting' && job.wakes_at && (
          <>
            It waits for Autotask and goes on by itself at <Moment at={job.wakes_at} />.
          </>
        )}
      </Text>
      <Progress
        mt={4}
        value={total > 0 ? (100 * ended) / total : 0}
        aria-label={job.kind === 'undo' ? 'Rows taken back' : 'Rows written'}
      />
    </>
  );
}

function Counts({ job }: { job: Job }) {
  const looks = job.kind === 'undo' ? UNDONE : RESULT;
  const names = Object.keys(looks).filter((name) => (job.n_by_phase[name] ?? 0) > 0);
  if (names.length === 0) return null;
  return (
    <Group component="ul" gap="xs" mt="xs" p={0} aria-label="Rows by result">
      {names.map((name) => {
        const { tone, icon, text } = lookOf(name, looks);
        return (
          <li key={name} style={{ listStyle: 'none' }}>
            <Sign tone={tone} icon={icon} text={`${text}: ${count(job.n_by_phase[name] ?? 0)}`} />
          </li>
        );
      })}
    </Group>
  );
}

/** The first rows, whose whole records were compared before anything else was written. */
function Canaries({ job }: { job: Job }) {
  return (
    <>
      <Title order={4} size="h6" mt="sm">
        Proof by the first {countOf(job.canaries.length, 'row')}
      </Title>
      <Text size="sm">
        Each whole record was read before and after, and every field compared, also those that we do not use.
      </Text>
      <List size="sm" listStyleType="none" aria-label="Canary proof" mt={4} spacing={4}>
        {job.canaries.map(({ asset_id: id, proof }) => {
          const isClean = proof.changed_fields.length === 0 && proof.shows_date;
          return (
            <List.Item
              key={id}
              icon={
                isClean ? (
                  <CheckCircle2 size={16} color="#1b6a2e" aria-hidden />
                ) : (
                  <XCircle size={16} color="#b02525" aria-hidden />
                )
              }
            >
              <Link to="/write-back/assets/$id" params={{ id: String(id) }} className="row-link">
                Asset {id}
              </Link>
              : {isClean ? 'only the warranty date changed.' : problem(proof)}
            </List.Item>
          );
        })}
      </List>
    </>
  );
}

function problem(proof: Job['canaries'][number]['proof']): string {
  const changed = proof.changed_fields.join(', ');
  const date = proof.shows_date ? '' : 'Autotask does not show the date that was sent. ';
  return changed ? `${date}Changed besides the date: ${changed}.` : date;
}
