import { Combobox, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ChevronsUpDown } from 'lucide-react';
import { type Ref, useEffect, useId, useState } from 'react';
import { asFailure } from '../api/errors';
import { type CompanyRef, type Suggestion, suggestionsQuery } from '../api/mappings';
import { about } from './links';
import classes from './mappings.module.css';

const EXCLUDE = 'exclude';
const OPEN = 'open';
const RETRY = 'retry';
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
  /** Whether another row is, or would be, linked to a company. */
  isTaken: (companyId: number) => boolean;
  onPick: (company: CompanyRef) => void;
  onExclude: () => void;
  onReopen: () => void;
}

/**
 * The drop-down of a row: ranked suggestions with their reasons, and a search among all companies.
 *
 * It is a mere button until somebody opens it: drop-downs of all the rows in sight would slow every search down.
 */
export function CompanyPicker(props: Props) {
  const [isUsed, setUsed] = useState(false);
  return isUsed ? (
    <DropDown {...props} />
  ) : (
    <Target {...props} isOpen={false} onClick={() => setUsed(true)} />
  );
}

interface TargetProps extends Props {
  isOpen: boolean;
  onClick: () => void;
  ref?: Ref<HTMLButtonElement>;
}

function Target({ rowName, shown, isDisabled, isOpen, onClick, ref }: TargetProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={classes.picker}
      aria-label={`Autotask company of ${rowName}: ${shown}`}
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      disabled={isDisabled}
      onClick={onClick}
    >
      <span>{shown}</span>
      <ChevronsUpDown size={14} aria-hidden />
    </button>
  );
}

function DropDown(props: Props) {
  const combobox = useCombobox({
    defaultOpened: true,
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const { focusSearchInput } = combobox;
  useEffect(() => focusSearchInput(), [focusSearchInput]);
  return (
    <Combobox
      store={combobox}
      width={420}
      position="bottom-start"
      // Within the landmark of its table, yet past the edge of what scrolls.
      portalProps={{ target: '#main' }}
      onOptionSubmit={(value) => value !== RETRY && combobox.closeDropdown()}
    >
      <Combobox.Target targetType="button">
        <Target {...props} isOpen={combobox.dropdownOpened} onClick={() => combobox.toggleDropdown()} />
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
  isTaken,
  onPick,
  onExclude,
  onReopen,
  close,
}: Props & { close: () => void }) {
  const [search, setSearch] = useState('');
  const listId = useId();
  const [asked] = useDebouncedValue(search.trim(), PAUSE_MS);
  const { data, error, isFetching, refetch } = useQuery(suggestionsQuery(rowKey, asked));
  const found = data?.suggestions ?? [];
  return (
    <>
      <Combobox.Search
        role="combobox"
        aria-expanded
        aria-controls={listId}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder="Search all companies: name, city or id"
        aria-label={`Search a company for ${rowName}`}
        rightSection={isFetching ? <Loader size="xs" aria-label="Searching" /> : null}
      />
      <Combobox.Options
        id={listId}
        mah={320}
        style={{ overflowY: 'auto' }}
        aria-label={`Companies for ${rowName}`}
      >
        {found.map((suggestion) => (
          <Option
            key={suggestion.company.id}
            suggestion={suggestion}
            isTaken={isTaken(suggestion.company.id)}
            onPick={() => {
              onPick(suggestion.company);
              close();
            }}
          />
        ))}
        {error && (
          <>
            <Combobox.Empty>{asFailure(error).message}</Combobox.Empty>
            <Combobox.Option value={RETRY} onClick={() => void refetch()}>
              Try again
            </Combobox.Option>
          </>
        )}
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

interface OptionProps {
  suggestion: Suggestion;
  isTaken: boolean;
  onPick: () => void;
}

function Option({ suggestion, isTaken, onPick }: OptionProps) {
  const { company, reason, score, is_rejected: isRejected } = suggestion;
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
