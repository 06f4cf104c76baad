// A subject set so that its tokens can be told apart: the family coloured, the dots quiet, the last token strong.
// It may break after a dot and is copied as it is.
import { Fragment, type ReactNode } from 'react';
import { familyOf, partsOf } from './subject-parts.ts';

export function SubjectText({ subject }: { readonly subject: string }): ReactNode {
  return (
    <span className="subject" data-family={familyOf(subject)}>
      {partsOf(subject).map(({ token, role }, index) => (
        <Fragment key={index}>
          {index > 0 && (
            <>
              <span className="subject__dot">.</span>
              <wbr />
            </>
          )}
          <span className={`subject__${role}`}>{token}</span>
        </Fragment>
      ))}
    </span>
  );
}
