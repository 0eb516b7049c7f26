import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { startTransition, useState } from 'react';

interface Props {
  label: string;
  placeholder: string;
  /** What the address asks for. */
  initial: string;
  /** Gets what is looked for in lower case, without blanks around it. */
  onSearch: (wanted: string) => void;
}

/** A search whose letters appear at once; what it narrows down follows, and is drawn only once. */
export function SearchBox({ label, placeholder, initial, onSearch }: Props) {
  const [text, setText] = useState(initial);
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      leftSection={<Search size={14} aria-hidden />}
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        startTransition(() => onSearch(asWanted(typed)));
      }}
    />
  );
}

/** How texts are compared. */
export function asWanted(text: string): string {
  return text.trim().toLowerCase();
}
