// The fault of whoever read a Program from the store: something that its timeslots lead to is not in it.

export class IncompleteProgramError extends Error {
  override readonly name = 'IncompleteProgramError';
  readonly code = 'incomplete-program';

  constructor(what: string, id: number) {
    super(`The program was read without ${what} ${id}. Read all that its timeslots lead to.`);
  }
}

/** What is there under the id. Throws IncompleteProgramError. */
export function found<Value>(values: ReadonlyMap<number, Value>, what: string, id: number): Value {
  const value = values.get(id);
  if (value === undefined) throw new IncompleteProgramError(what, id);
  return value;
}
