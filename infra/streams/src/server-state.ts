// What a server has, as far as planning is concerned: configurations as it reports them, not as we would write them.

/** A configuration as JSON; which keys there are depends on the server's version. */
export type ReportedConfig = Readonly<Record<string, unknown>>;

export type ServerConsumer = { readonly name: string; readonly config: ReportedConfig };

export type ServerStream = {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly config: ReportedConfig;
  /** How many it holds: what a recreation would cost. */
  readonly messages: number;
  /** Durable and ephemeral ones; only for streams that share a name or a subject with ours. */
  readonly consumers: readonly ServerConsumer[];
};

export type ServerState = {
  readonly streams: readonly ServerStream[];
  /** Whether the server has peers: one alone accepts more than one replica and cannot recover the stream afterwards. */
  readonly isClustered: boolean;
};
