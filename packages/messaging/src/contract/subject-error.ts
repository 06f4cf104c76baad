// What can be wrong with a subject, a filter or a name. All of it is the caller's input, so a service answers 4xx.

export type SubjectErrorCode =
  | 'empty-token'
  | 'ill-formed-text'
  | 'illegal-token'
  | 'illegal-filter'
  | 'illegal-name'
  | 'illegal-key'
  | 'illegal-id'
  | 'illegal-reply-subject'
  | 'subject-too-long';

export class SubjectError extends Error {
  override readonly name = 'SubjectError';
  readonly code: SubjectErrorCode;

  constructor(code: SubjectErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
