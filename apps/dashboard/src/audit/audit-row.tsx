// One entry of the audit log: a line, and everything that was recorded when it is opened.
import type { AuditEntry } from '@longwave/contracts';
import { memo, useState, type ReactNode } from 'react';
import { SubjectText } from '../feed/subject-text.tsx';
import { JsonBlock } from '../text/json-block.tsx';
import { clockTime, wholeNumber } from '../text/time-text.ts';

export const AuditRow = memo(({ entry }: { readonly entry: AuditEntry }): ReactNode => {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="entry entry--audit">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="entry__line">
          <span className="entry__sequence">
            <span aria-hidden="true">#</span>
            {entry.sequence}
          </span>
          <time className="entry__time" dateTime={entry.recordedAt}>
            {clockTime(new Date(entry.recordedAt), 'seconds')}
          </time>
          <SubjectText subject={entry.subject} />
          <span className="entry__type">{entry.actor}</span>
        </summary>
        {isOpen && <AuditDetail entry={entry} />}
      </details>
    </li>
  );
});
AuditRow.displayName = 'AuditRow';

function AuditDetail({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Message id', entry.id],
    ['Type', entry.type],
    ['Source', entry.source],
    ['Actor', entry.actor],
    ['Correlation id', entry.correlationId],
    ['Caused by', entry.causationId],
    ['Created', entry.createdAt],
    ['Received', entry.receivedAt],
    ['Recorded', entry.recordedAt],
    ['Stream', `${entry.stream}, position ${wholeNumber(entry.streamSequence)}`],
  ];
  return (
    <div className="entry__detail">
      <dl className="facts">
        {facts.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} />)}
      </dl>
      {entry.payload !== undefined && <JsonBlock value={entry.payload} label="Payload" />}
      {entry.payloadBase64 !== undefined && <JsonBlock value={entry.payloadBase64} label="Payload in base64" />}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
