// New identities, as a parameter. UUIDv7 (RFC 9562): unique without asking anyone, and sorted by the time
// they were made, so that they are kind to a B-tree index.
import { v7 } from 'uuid';

export type Ids = { next(): string };

export const uuidIds: Ids = { next: () => v7() };
