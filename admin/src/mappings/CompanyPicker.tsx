import { Combobox, InputBase, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/errors';
import { type CompanyRef, type Suggestion, suggestionsQuery } from '../api/mappings';
import { about } from './links';

const EXCLUDE = 'exclude';
const OPEN = 'open';
/** Pause of typing after which the server is asked. */
const PAUSE_MS = 200;

interface Props {
  /** Key and name of the organization. */
  rowKey: string;
  rowName: string;
  /** What is chosen now. */
  shown: string;
  isDecided: boolean;
  isDisabled: boolean;
  onPick: (company: CompanyRef, isShared: boolean) => void;
  onExclude: () => void;
  onReopen: () => void;
}

/** The drop-down of a row: ranked suggestions with their reasons, and a search among all companies. */
export function CompanyPicker(props: Props) {
  const { rowName, shown, isDisabled } = props;
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  return (
    <Combobox
      store={combobox}
      width={420}
      position="bottom-start"
      // Within the landmark of its table, yet past the edge of what scrolls.
      portalProps={{ target: '#main' }}
      onOptionSubmit={() => combobox.closeDropdown()}
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          size="xs"
          pointer
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          aria-label={`Autotask company of ${rowName}: ${shown}`}
          disabled={isDisabled}
          onClick={() => combobox.toggleDropdown()}
        >
          {shown}
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        {combobox.dropdownOpened && <Choices {...props} close={combobox.closeDropdown} />}
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Choices({
  rowKey,
  rowName,
  isDecided,
  onPick,
  onExclude,
  onReopen,
  close,
}: Props & { close: () => void }) {
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), PAUSE_MS);
  const { data, error, isFetching } = useQuery(suggestionsQuery(rowKey, asked));
  const found = data?.suggestions ?? [];
  return (
    <>
      <Combobox.Search
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder="Search all companies: name, city or id"
        aria-label={`Search a company for ${rowName}`}
        rightSection={isFetching ? <Loader size="xs" aria-label="Searching" /> : null}
      />
      <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={`Companies for ${rowName}`}>
        {found.map((suggestion) => (
          <Option
            key={suggestion.company.id}
            suggestion={suggestion}
            onPick={() => {
              onPick(suggestion.company, suggestion.is_taken);
              close();
            }}
          />
        ))}
        {error && <Combobox.Empty>{asFailure(error).message}</Combobox.Empty>}
        {data && found.length === 0 && (
          <Combobox.Empty>{asked ? 'No company fits.' : 'No name is alike: search above.'}</Combobox.Empty>
        )}
        <Combobox.Option
          value={EXCLUDE}
          onClick={() => {
            onExclude();
            close();
          }}
        >
          Leave unlinked on purpose
        </Combobox.Option>
        {isDecided && (
          <Combobox.Option
            value={OPEN}
            onClick={() => {
              onReopen();
              close();
            }}
          >
            Take the choice back
          </Combobox.Option>
        )}
      </Combobox.Options>
    </>
  );
}

function Option({ suggestion, onPick }: { suggestion: Suggestion; onPick: () => void }) {
  const { company, reason, score, is_taken: isTaken, is_rejected: isRejected } = suggestion;
  const notes = [
    reason && `${Math.round(score * 100)} %: ${reason}`,
    isTaken && 'linked to another company already; choosing it shares it',
    isRejected && 'said before not to be the one',
  ];
  return (
    <Combobox.Option value={String(company.id)} onClick={onPick}>
      <Text size="sm" fw={600}>
        {company.name}
      </Text>
      <Text size="xs">{about(company)}</Text>
      {notes.filter(Boolean).map((note) => (
        <Text size="xs" c="dimmed" key={String(note)}>
          {note}
        </Text>
      ))}
    </Combobox.Option>
  );
}
