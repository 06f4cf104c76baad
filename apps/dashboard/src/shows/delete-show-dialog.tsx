// Asks before a show is deleted: nothing brings it back. The browser's own dialog keeps the focus inside.
import type { Show } from '@longwave/contracts';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useAnnounce } from '../shell/announcer.tsx';
import { useStation } from '../station-context.tsx';
import { showErrorsOf } from './show-errors.ts';

type DeleteShowDialogProps = { readonly show: Show; readonly onDone: () => void };

export function DeleteShowDialog({ show, onDone }: DeleteShowDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { mutate, isPending, error } = useDeleteShow(show, () => {
    // The row goes, and the buttons in it: the focus stays in the list.
    const list = dialog.current?.closest('ul');
    dialog.current?.close();
    list?.focus();
  });
  useEffect(() => dialog.current?.showModal(), []);
  const errorText = showErrorsOf(error, []).form;
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onDone}>
      <h3 id={titleId}>Delete “{show.name}”?</h3>
      <p>Everyone who listens to the program’s messages will hear that it is gone. This cannot be undone.</p>
      {errorText !== null && (
        <p className="form__error" role="alert">
          {errorText}
        </p>
      )}
      <div className="form__actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button type="button" className="button button--danger" aria-disabled={isPending} onClick={() => mutate()}>
          {isPending ? 'Deleting…' : 'Delete show'}
        </button>
      </div>
    </dialog>
  );
}

function useDeleteShow(
  show: Show,
  onDeleted: () => void,
): {
  readonly mutate: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
} {
  const { showApi, shows } = useStation();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: () => showApi.delete(show),
    onSuccess: () => {
      announce(`${show.name} was deleted.`);
      onDeleted();
      shows.remove(String(show.id));
    },
  });
}
