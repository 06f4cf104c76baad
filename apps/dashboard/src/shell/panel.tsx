// The frame of every panel: a landmark with a heading, its tools, and a body that scrolls by itself.
import type { ReactNode } from 'react';
import type { View } from './view.ts';

type PanelProps = {
  readonly view: View;
  readonly title: string;
  readonly isOnShow: boolean;
  /** What the panel holds, in few characters; read after the title. */
  readonly count?: ReactNode;
  readonly tools?: ReactNode;
  /** What stays in place above the body. */
  readonly top?: ReactNode;
  /** The body holds nothing that can be focused, so it is itself: else nobody could scroll it with the keyboard. */
  readonly isPlain?: boolean;
  readonly children: ReactNode;
};

export function Panel({ view, title, isOnShow, count, tools, top, isPlain = false, children }: PanelProps): ReactNode {
  const titleId = `${view}-title`;
  return (
    <section className={`panel panel--${view}`} aria-labelledby={titleId} hidden={!isOnShow}>
      <header className="panel__head">
        <h2 id={titleId}>{title}</h2>
        {count !== undefined && <p className="panel__count">{count}</p>}
        {tools !== undefined && <div className="panel__tools">{tools}</div>}
      </header>
      {top}
      <div className="panel__body" {...(isPlain ? { tabIndex: 0, role: 'group', 'aria-labelledby': titleId } : {})}>
        {children}
      </div>
    </section>
  );
}
