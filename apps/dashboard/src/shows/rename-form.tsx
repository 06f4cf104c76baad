// Renames a show in its row. Escape leaves it as it was.
import type { Show } from '@longwave/contracts';
import { useEffect, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { FormField } from './form-field.tsx';
import { formText } from './form-text.ts';
import { showErrorsOf } from './show-errors.ts';
import { useShowChange } from './use-show-change.ts';

type RenameFormProps = { readonly show: Show; readonly onDone: () => void };

export function RenameForm({ show, onDone }: RenameFormProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const { change, isBusy, error } = useShowChange(show, onDone);
  const errors = showErrorsOf(error, ['name']);
  useEffect(() => input.current?.select(), []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isBusy) change({ name: formText(event.currentTarget, 'name') });
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onDone();
  };
  return (
    <form
      className="form form--inline"
      aria-label={`Rename ${show.name}`}
      noValidate
      onSubmit={submit}
      onKeyDown={leave}
    >
      <FormField
        label="Name"
        name="name"
        ref={input}
        defaultValue={show.name}
        isRequired
        error={errors.fields['name']}
      />
      <div className="form__actions">
        <button type="submit" className="button button--lit" aria-disabled={isBusy}>
          {isBusy ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
      </div>
      {errors.form !== null && (
        <p className="form__error" role="alert">
          {errors.form}
        </p>
      )}
    </form>
  );
}
