// One show: its name, whether it is on the program, when it changed, and what can be done with it.
import type { Show } from '@longwave/contracts';
import { memo, useState, type ReactNode } from 'react';
import type { Change } from '../live/live-list.ts';
import { ChangeFlash } from '../shell/change-flash.tsx';
import { Icon, type IconName } from '../shell/icons.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { DeleteShowDialog } from './delete-show-dialog.tsx';
import { RenameForm } from './rename-form.tsx';
import { useShowChange } from './use-show-change.ts';

type ShowRowProps = { readonly show: Show; readonly change: Change | undefined };

export const ShowRow = memo(({ show, change }: ShowRowProps): ReactNode => {
  const [mode, setMode] = useState<'reading' | 'renaming' | 'deleting'>('reading');
  // The button comes back when the form goes, and the focus with it.
  const [wasRenamed, setRenamed] = useState(false);
  const toggle = useShowChange(show);
  const read = (): void => setMode('reading');
  return (
    <li className="row" data-off={!show.isActive}>
      <ChangeFlash change={change} />
      {mode === 'renaming' ? (
        <RenameForm show={show} onDone={read} />
      ) : (
        <>
          <ShowText show={show} />
          <ShowState isActive={show.isActive} />
          <div className="row__actions">
            <RowAction
              icon="pencil"
              label={`Rename ${show.name}`}
              isFocused={wasRenamed}
              onClick={() => {
                setRenamed(true);
                setMode('renaming');
              }}
            />
            <RowAction
              icon="power"
              label={`${show.isActive ? 'Deactivate' : 'Activate'} ${show.name}`}
              isBusy={toggle.isBusy}
              onClick={() => toggle.change({ isActive: !show.isActive })}
            />
            <RowAction icon="bin" label={`Delete ${show.name}`} onClick={() => setMode('deleting')} />
          </div>
        </>
      )}
      {toggle.error !== null && (
        <p className="row__error" role="alert">
          {toggle.error.message}
        </p>
      )}
      {mode === 'deleting' && <DeleteShowDialog show={show} onDone={read} />}
    </li>
  );
});
ShowRow.displayName = 'ShowRow';

function ShowText({ show }: { readonly show: Show }): ReactNode {
  return (
    <div className="row__text">
      <h3>{show.name}</h3>
      <p className="row__meta">
        <span className="mono">{show.slug}</span>
        <TimeAgo time={show.updatedAt} prefix="changed" />
      </p>
    </div>
  );
}

function ShowState({ isActive }: { readonly isActive: boolean }): ReactNode {
  return (
    <p className="state" data-state={isActive ? 'on' : 'off'}>
      {isActive ? 'Active' : 'Inactive'}
    </p>
  );
}

type RowActionProps = {
  readonly icon: IconName;
  readonly label: string;
  readonly isBusy?: boolean;
  /** Whether it takes the focus when it appears. */
  readonly isFocused?: boolean;
  readonly onClick: () => void;
};

function RowAction({ icon, label, isBusy = false, isFocused = false, onClick }: RowActionProps): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={isBusy}
      autoFocus={isFocused}
      onClick={isBusy ? undefined : onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
