// What the buffer needs of a disk, in as few words as possible: so that a test can cut the power at any of them.
// Nothing is durable until it is synced: bytes by the file's `sync`, names by `syncFolder`.

export interface Disk {
  /** Nobody else has this lock until it is released or the process is gone. Throws BufferError `buffer-locked`. */
  lock(path: string): DiskLock;
  /** Makes the folder, and those above it, durably. */
  makeFolder(folder: string): Promise<void>;
  /** The files in a folder, in no order. */
  list(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
  /** A new file, to read and write; rejects when there is one already. */
  create(path: string): Promise<DiskFile>;
  /** A file that is there, to read and write. */
  open(path: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
}

export interface DiskFile {
  /** What lies there; fewer bytes than asked for at the end of the file. */
  read(offset: number, byteCount: number): Promise<Buffer>;
  /** Writes all of `bytes`, or rejects and may have written some. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  truncate(byteCount: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type DiskLock = { release(): void };
