import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  Building2,
  Hand,
  KeyRound,
  type LucideIcon,
  Link2Off,
  ListX,
  PencilOff,
  Tags,
  XCircle,
} from 'lucide-react';
import { type InboxItem, inboxQuery } from '../api/mappings';
import { count } from '../ui/format';
import { type Tone, Sign } from '../ui/Sign';
import { screenLink } from '../ui/screens';
import { Empty, Failed, Loading } from '../ui/states';

const LOOKS: Record<InboxItem['kind'], [Tone, LucideIcon, string]> = {
  credentials: ['bad', KeyRound, 'Credentials refused'],
  failed_run: ['bad', XCircle, 'Run failed'],
  held_run: ['warn', Hand, 'Run held'],
  stopped_write_back: ['bad', PencilOff, 'Write-back stopped'],
  rejected_records: ['warn', ListX, 'Rejected records'],
  new_asset_types: ['busy', Tags, 'New asset types'],
  undecided_companies: ['busy', Building2, 'Undecided companies'],
  open_links: ['busy', Link2Off, 'Open links'],
};

/** Everything that waits for a person, most urgent first. */
export function InboxPage() {
  const { data, error, isPending, refetch } = useQuery(inboxQuery);
  return (
    <>
      <Title order={1} size="h2" mb="md">
        Inbox
      </Title>
      {isPending && <Loading what="the inbox" />}
      {error && !data && <Failed error={error} what="The inbox" retry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Empty title="Nothing waits for you">New types, companies and held runs appear here.</Empty>
      )}
      <Stack component="ul" p={0} m={0}>
        {data?.items.map((item) => (
          <Item key={`${item.kind}${item.key ?? ''}`} item={item} />
        ))}
      </Stack>
    </>
  );
}

function Item({ item }: { item: InboxItem }) {
  const [tone, icon, title] = LOOKS[item.kind];
  return (
    <Group component="li" className="card" justify="space-between">
      <div>
        <Group gap="xs">
          <Sign tone={tone} icon={icon} text={`${title} (${count(item.count)})`} />
        </Group>
        <Text size="sm" mt={4}>
          {item.text}
        </Text>
      </div>
      <Button
        component={Link}
        variant="default"
        aria-label={`Decide: ${title}`}
        {...screenLink(item.screen, item.key)}
      >
        Decide
      </Button>
    </Group>
  );
}
