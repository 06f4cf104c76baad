// Why a station did not start, as a sentence for a person: what is wrong and what to do. Printed without a stack.

export class StartError extends Error {
  override readonly name = 'StartError';
}
