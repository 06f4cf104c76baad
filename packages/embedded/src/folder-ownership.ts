// Giving folders to another user, which only root can do.
import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives a folder and all in it to a user and the group of the same number, unless the folder is theirs already. */
export async function giveFolderTo(userId: number, folder: string): Promise<void> {
  if ((await lstat(folder)).uid === userId) return;
  for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), userId, userId);
  // Last: an interrupted walk is then done again.
  await lchown(folder, userId, userId);
}
