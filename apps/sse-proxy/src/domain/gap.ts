// What a client is told when it may have missed something. Never silent: the client then loads the state afresh.

/**
 * `expired`: the stream no longer holds what follows the cursor. `recreated`: the stream is another one, or was
 * restored from an older copy. `ahead`: the cursor is beyond the stream's end. `unreadable-cursor`: it could not be
 * read, or says nothing of this stream. `too-many-subjects`: a snapshot would be longer than one may be.
 */
export type GapReason = 'expired' | 'recreated' | 'ahead' | 'unreadable-cursor' | 'too-many-subjects';

/**
 * Numbers of the stream as it is now: `from` is the first message that the client may not have had (0: nothing up to
 * `to` can be vouched for), `to` the last that will not be sent. The stream goes on after `to`. `from` ≤ `to`.
 */
export type Gap = {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
};
