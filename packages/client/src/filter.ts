// Subject filters as NATS understands them, as far as a subscriber needs: is it one, and does it let a subject through.
// The contract kit has the same grammar with explanations; this is its small sibling for pages.

const TOKEN = /^(?:\*|[\x21-\x29\x2B-\x2D\x2F-\x3D\x3F-\x7E]+|>)$/;

/** Throws TypeError: an illegal filter is a mistake of the program, and would refuse everybody on the connection. */
export function checkFilter(filter: string): void {
  const tokens = filter.split('.');
  const last = tokens.length - 1;
  const isLegal = tokens.every((token, index) => TOKEN.test(token) && (token !== '>' || index === last));
  if (!isLegal) throw new TypeError(`${JSON.stringify(filter)} is no subject filter, such as resource.*.show.>`);
}

/** Whether `filter` lets `subject` through. */
export function matches(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return tokens.length > index;
    if (tokens[index] === undefined || (token !== '*' && token !== tokens[index])) return false;
  }
  return tokens.length === wanted.length;
}
