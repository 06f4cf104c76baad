// The containers of a stack, by the names of its services.
import type { Stack } from './stack.ts';

/** Their ids; none when the service does not run. Throws CommandError. */
export async function containersOf(stack: Stack, service: string): Promise<readonly string[]> {
  return linesOf(await stack.compose('ps', '-q', service));
}

/** The services that have running containers, by name. Throws CommandError. */
export async function runningServices(stack: Stack): Promise<readonly string[]> {
  return linesOf(await stack.compose('ps', '--services', '--filter', 'status=running')).toSorted();
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
