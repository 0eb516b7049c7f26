import { Anchor, Button, Group, List, Text, TextInput, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CheckCircle2, Eye, EyeOff, Search, XCircle } from 'lucide-react';
import { useState } from 'react';
import { type Finding, whyMissingQuery } from '../api/mappings';
import { screenLink } from '../ui/screens';
import { Sign } from '../ui/Sign';
import { Empty, Failed, Loading } from '../ui/states';

/** Walks the chain from Autotask to the screen, and names the link that is broken. */
export function WhyMissingPage() {
  const { query = '' } = useSearch({ from: '/why-missing' });
  const [text, setText] = useState(query);
  const navigate = useNavigate();
  const { data, error, isLoading, refetch } = useQuery(whyMissingQuery(query));
  return (
    <>
      <Title order={1} size="h2">
        Why is it missing?
      </Title>
      <Text size="sm" mb="md">
        Type a serial number, a name or an Autotask id of an asset or a company.
      </Text>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ to: '/why-missing', search: text.trim() ? { query: text.trim() } : {} });
        }}
      >
        <Group align="flex-end">
          <TextInput
            label="Asset or company"
            value={text}
            maxLength={200}
            miw="20rem"
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" leftSection={<Search size={16} aria-hidden />} disabled={text.trim() === ''}>
            Find out
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {isLoading && <Loading what="the answer" />}
        {error && <Failed error={error} what="The answer" retry={() => void refetch()} />}
        {data && (
          <Text mt="md" fw={600}>
            {data.text}
          </Text>
        )}
        {data?.findings.length === 0 && (
          <Empty title="Nothing of this name is known">
            If it is in Autotask, the API user may not be allowed to see it: Test Settings shows its rights.
          </Empty>
        )}
        {data?.findings.map((finding) => (
          <Chain key={`${finding.kind}${finding.id}`} finding={finding} />
        ))}
      </div>
    </>
  );
}

function Chain({ finding }: { finding: Finding }) {
  const { kind, id, name, company, is_shown: isShown, chain } = finding;
  return (
    <section className="card" aria-labelledby={`finding-${kind}-${id}`}>
      <Group justify="space-between">
        <Title order={2} size="h5" id={`finding-${kind}-${id}`}>
          {kind === 'asset' ? 'Asset' : 'Company'} {name ?? 'without a name'} (id {id})
          {company && kind === 'asset' ? ` of ${company.name}` : ''}
        </Title>
        {isShown ? (
          <Sign tone="good" icon={Eye} text="Shown" />
        ) : (
          <Sign tone="bad" icon={EyeOff} text="Not shown" />
        )}
      </Group>
      <List mt="sm" spacing="xs" center={false} listStyleType="none">
        {chain.map((link) => (
          <List.Item
            key={link.step}
            icon={
              <ThemeIcon color={link.is_ok ? 'green' : 'red'} size={22} radius="xl">
                {link.is_ok ? <CheckCircle2 size={14} aria-hidden /> : <XCircle size={14} aria-hidden />}
              </ThemeIcon>
            }
          >
            <Text size="sm">
              <b>{link.is_ok ? 'Fine' : 'Broken'}:</b> {link.text}
            </Text>
            {link.fix && (
              <Text size="sm">
                {link.fix.text}{' '}
                <Anchor component={Link} underline="always" {...screenLink(link.fix.screen, link.fix.key)}>
                  Go there
                </Anchor>
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </section>
  );
}
