// An error that is meant for the caller: RFC 9457 problem details with a stable `code`.
// Everything in it is public. What only we may know goes into `cause`, which is logged and never sent.

/** One thing wrong with a request, and where: a JSON pointer into the body, a parameter or a header. */
export type ProblemItem = {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code: string;
  readonly detail: string;
};

export type ProblemOptions = {
  readonly status: number;
  /** Stable, kebab-case; clients decide by it. */
  readonly code: string;
  /** The same for every occurrence of the code; default: the code as words. */
  readonly title?: string;
  /** What happened this time, and what to do next. */
  readonly detail?: string;
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document; they cannot replace the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly ProblemItem[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(options: ProblemOptions) {
    super(options.detail ?? options.code, { cause: options.cause });
    this.name = 'Problem';
    this.status = options.status;
    this.code = options.code;
    this.title = options.title ?? titleOf(options.code);
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  /** The document to send; `errorId` is the id the log line of this occurrence carries. */
  toDocument(errorId: string): Readonly<Record<string, unknown>> {
    return {
      ...this.extensions,
      type: `/problems/${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      instance: `urn:uuid:${errorId}`,
      ...(this.errors.length === 0 ? {} : { errors: this.errors }),
    };
  }
}

function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
