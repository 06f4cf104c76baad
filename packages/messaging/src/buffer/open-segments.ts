// Finds the segments that an earlier process left in a folder, and takes away what its end had cut short.
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { BufferError } from './buffer-error.ts';
import type { Disk, DiskFile } from './disk.ts';
import { scanSegment } from './scan-segment.ts';
import { parseSegmentName, readSegmentHeader, SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';
import type { FoundSegments } from './segment-log.ts';

const ASIDE_SUFFIX = '.damaged';

/** `firstNumber`: of the first message ever, when there is none here. Throws BufferError `buffer-format-unknown`. */
export async function openSegments(
  disk: Disk,
  directory: string,
  firstNumber: number,
  log: Log,
): Promise<FoundSegments> {
  const files = await disk.list(directory);
  const asides = files
    .filter(({ name }) => name.endsWith(ASIDE_SUFFIX))
    .map(({ name, bytes }) => ({ path: join(directory, name), bytes }));
  const segments: Segment[] = [];
  for (const { name, bytes } of files) {
    const parsed = parseSegmentName(name);
    if (parsed === null) continue;
    const segment: Segment = { ...parsed, path: join(directory, name), bytes, isDamaged: false };
    // A header that was never followed by anything; nobody was told of what was to follow.
    if (bytes <= SEGMENT_HEADER_BYTES) await disk.remove(segment.path);
    else segments.push(await checkHeader(disk, segment, log));
  }
  segments.sort((one, other) => one.first - other.first);
  const next = await endAtLast(disk, segments, log);
  return { segments, asides, next: Math.max(next, firstNumber) };
}

async function checkHeader(disk: Disk, segment: Segment, log: Log): Promise<Segment> {
  const header = await withFile(disk, segment, (file) => file.read(0, SEGMENT_HEADER_BYTES));
  const format = readSegmentHeader(header);
  if (format === 'unknown') {
    const reason = `${segment.path} was written in another format; open it with the version that wrote it`;
    throw new BufferError('buffer-format-unknown', reason);
  }
  // Its records have checksums of their own.
  if (format === 'damaged') log.error({ segment: segment.path }, 'the header of a buffer segment is damaged');
  segment.isDamaged = format === 'damaged';
  return segment;
}

/** The number behind the last message, after what is torn behind it is removed. (B4) */
async function endAtLast(disk: Disk, segments: Segment[], log: Log): Promise<number> {
  const last = segments.at(-1);
  if (last === undefined) return 0;
  return withFile(disk, last, async (file) => {
    let next = last.first;
    let isDamagedAtEnd = false;
    for await (const found of scanSegment({ file, salt: last.salt, from: SEGMENT_HEADER_BYTES, to: last.bytes })) {
      if (found.kind === 'record') next = found.record.number + 1;
      else if (found.kind === 'torn') await cutAt(found.end, file, last, log);
      isDamagedAtEnd = found.kind === 'damage' || (isDamagedAtEnd && found.kind === 'torn');
    }
    if (last.bytes <= SEGMENT_HEADER_BYTES) {
      await disk.remove(last.path);
      segments.pop();
    }
    // A number that is left out says that there was at least one more. (B5)
    return isDamagedAtEnd ? next + 1 : next;
  });
}

async function cutAt(offset: number, file: DiskFile, segment: Segment, log: Log): Promise<void> {
  log.info({ segment: segment.path, bytes: segment.bytes - offset }, 'what a crash cut short was removed');
  await file.truncate(offset);
  await file.sync();
  segment.bytes = offset;
}

async function withFile<T>(disk: Disk, { path }: Segment, use: (file: DiskFile) => Promise<T>): Promise<T> {
  const file = await disk.open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
