// Changes a show and puts the answer into the list at once; the message that follows then changes nothing more.
import type { Show, ShowPatch } from '@longwave/contracts';
import { useMutation } from '@tanstack/react-query';
import { useAnnounce } from '../shell/announcer.tsx';
import { useStation } from '../station-context.tsx';

export type ShowChanging = {
  readonly change: (patch: ShowPatch) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
};

export function useShowChange(show: Show, onDone?: () => void): ShowChanging {
  const { showApi, shows } = useStation();
  const announce = useAnnounce();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (patch: ShowPatch) => showApi.change(show, patch),
    onSuccess: (changed) => {
      shows.put(changed);
      announce(`${changed.name} was changed.`);
      onDone?.();
    },
  });
  return { change: mutate, isBusy: isPending, error };
}
