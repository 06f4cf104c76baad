// One message of the feed: a line, and its payload when it is opened.
import { useState, type ReactNode } from 'react';
import type { FeedEvent } from '@longwave/client';
import { JsonBlock } from '../text/json-block.tsx';
import { clockTime } from '../text/time-text.ts';
import { messageNameOf } from './message-name.ts';
import { SubjectText } from './subject-text.tsx';

type MessageRowProps = { readonly message: FeedEvent; readonly onFindInAudit: (subject: string) => void };

export function MessageRow({ message, onFindInAudit }: MessageRowProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { subject, time } = message;
  return (
    <li className="entry entry--arrives">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="entry__line">
          <time className="entry__time" dateTime={time}>
            {clockTime(new Date(time), 'milliseconds')}
          </time>
          <SubjectText subject={subject} />
          <span className="entry__type">{messageNameOf(subject)}</span>
        </summary>
        {isOpen && <MessageDetail message={message} onFindInAudit={onFindInAudit} />}
      </details>
    </li>
  );
}

function MessageDetail({ message, onFindInAudit }: MessageRowProps): ReactNode {
  const { id, payload, subject } = message;
  return (
    <div className="entry__detail">
      <dl className="facts">
        <dt>Message id</dt>
        <dd>{id}</dd>
      </dl>
      {payload.kind === 'json' ? (
        <JsonBlock value={payload.value} label="Payload" />
      ) : (
        <>
          <p className="entry__note">The payload is not JSON. In base64:</p>
          <JsonBlock value={payload.base64} label="Payload in base64" />
        </>
      )}
      <button type="button" className="button button--small" onClick={() => onFindInAudit(subject)}>
        Find this subject in the audit log
      </button>
    </div>
  );
}
