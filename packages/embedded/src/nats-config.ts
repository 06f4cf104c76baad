// The configuration text of the embedded nats-server. Pure.

export type NatsConfig = {
  readonly port: number;
  readonly monitorPort: number;
  readonly storeDirectory: string;
  /** Where the server writes the ports it listens on: the proof that it is this server that listens. */
  readonly portsDirectory: string;
  readonly syncInterval: 'always' | '2m';
  /** Appended as it is; in NATS configuration the last of two equal settings wins. */
  readonly extraConfig: string;
};

/** Loopback only (E4), JetStream on disk, synced (E3). JSON strings are valid NATS strings. */
export function renderNatsConfig(config: NatsConfig): string {
  const text = JSON.stringify;
  return `# Written at every start.
server_name: "longwave-embedded"
listen: "127.0.0.1:${config.port}"
http: "127.0.0.1:${config.monitorPort}"
ports_file_dir: ${text(config.portsDirectory)}
jetstream {
  store_dir: ${text(config.storeDirectory)}
  # always: an acknowledged message is on the disk, not only in the kernel's memory.
  sync_interval: ${config.syncInterval}
  max_memory_store: 256MB
}
${config.extraConfig}
`;
}
