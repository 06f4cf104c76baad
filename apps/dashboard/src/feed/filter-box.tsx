// A box for a NATS subject filter, with what is wrong about it right below. Used by the feed and the audit log.
import { useId, type ReactNode, type Ref } from 'react';
import type { FilterInput } from './filter-input.ts';

type FilterBoxProps = {
  readonly label: string;
  readonly text: string;
  readonly input: FilterInput;
  readonly onText: (text: string) => void;
  /** Shown when there is nothing wrong: what the filter does here. */
  readonly hint?: string;
  readonly ref?: Ref<HTMLInputElement>;
};

export function FilterBox({ label, text, input, onText, hint, ref }: FilterBoxProps): ReactNode {
  const id = useId();
  const mistake = input.kind === 'mistake' ? input.explanation : undefined;
  return (
    <div className="filter">
      <div className="filter__line">
        <input
          ref={ref}
          className="input input--mono"
          type="text"
          inputMode="url"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          aria-label={label}
          aria-invalid={mistake !== undefined}
          aria-describedby={`${id}-note`}
          placeholder="Subject filter, such as resource.*.show.>"
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
        {text !== '' && (
          <button type="button" className="button button--quiet" onClick={() => onText('')}>
            Clear
          </button>
        )}
      </div>
      <p id={`${id}-note`} className={mistake === undefined ? 'filter__hint' : 'filter__mistake'}>
        {mistake ?? hint}
      </p>
    </div>
  );
}
