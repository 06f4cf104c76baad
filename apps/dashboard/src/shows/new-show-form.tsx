// The form for a new show. The service decides what is right; its answer is shown at the fields.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { useAnnounce } from '../shell/announcer.tsx';
import { useStation } from '../station-context.tsx';
import { FormField } from './form-field.tsx';
import { formText } from './form-text.ts';
import { createRepeatableKey } from './repeatable-key.ts';
import type { ShowDraft } from './show-api.ts';
import { firstFieldWithError, showErrorsOf } from './show-errors.ts';

const FIELDS = ['name', 'slug', 'shortDescription'] as const;

export function NewShowForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const { create, isBusy, error } = useCreateShow(onDone);
  const errors = showErrorsOf(error, FIELDS);
  useEffect(() => {
    focusField(form.current, firstFieldWithError(errors, FIELDS) ?? (error === null ? 'name' : null));
    // Only a new outcome moves the focus, not every rendering.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [error]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isBusy) create(readDraft(event.currentTarget));
  };
  return (
    <form ref={form} className="form" aria-label="New show" noValidate onSubmit={submit}>
      <FormField label="Name" name="name" isRequired error={errors.fields['name']} />
      <FormField label="Slug" name="slug" isMono hint="Made from the name if empty" error={errors.fields['slug']} />
      <FormField label="Short description" name="shortDescription" error={errors.fields['shortDescription']} />
      {errors.form !== null && (
        <p className="form__error" role="alert">
          {errors.form}
        </p>
      )}
      <div className="form__actions">
        <button type="submit" className="button button--lit" aria-disabled={isBusy}>
          {isBusy ? 'Creating…' : 'Create show'}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function useCreateShow(onDone: () => void): {
  readonly create: (draft: ShowDraft) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
} {
  const { showApi, shows, newId } = useStation();
  const announce = useAnnounce();
  const keyFor = useRef(createRepeatableKey<ShowDraft>(newId));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (draft: ShowDraft) => showApi.create(draft, keyFor.current(draft)),
    onSuccess: (show) => {
      shows.put(show);
      announce(`${show.name} was created.`);
      onDone();
    },
  });
  return { create: mutate, isBusy: isPending, error };
}

function readDraft(form: HTMLFormElement): ShowDraft {
  const text = (name: (typeof FIELDS)[number]): string => formText(form, name);
  return { name: text('name'), slug: text('slug'), shortDescription: text('shortDescription') };
}

function focusField(form: HTMLFormElement | null, name: string | null): void {
  if (name === null) return;
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}
