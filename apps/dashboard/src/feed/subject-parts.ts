// A subject, taken apart for the eye: what family it belongs to, what is ceremony, what is the point.

export type Family = 'resource' | 'program' | 'events' | 'other';

/** `role`: the prefix that all of a family share, a token in the middle, or the last one. */
export type SubjectPart = { readonly token: string; readonly role: 'prefix' | 'middle' | 'last' };

const PREFIX_TOKENS: Readonly<Record<Family, number>> = { resource: 1, program: 1, events: 3, other: 0 };

export function familyOf(subject: string): Family {
  if (subject.startsWith('resource.')) return 'resource';
  if (subject.startsWith('program.')) return 'program';
  if (subject.startsWith('longwave.v1.events.')) return 'events';
  return 'other';
}

export function partsOf(subject: string): readonly SubjectPart[] {
  const prefixTokens = PREFIX_TOKENS[familyOf(subject)];
  const tokens = subject.split('.');
  return tokens.map((token, index) => {
    if (index < prefixTokens) return { token, role: 'prefix' };
    return { token, role: index === tokens.length - 1 ? 'last' : 'middle' };
  });
}
