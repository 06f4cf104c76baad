// The way in on a machine that has only Node (20.11 or newer) and npm: installs the workspace when it is
// missing or stale, then runs the named TypeScript file on the pinned Node 24, and goes when that goes.
// Plain JavaScript for old Nodes, and no import that is not part of Node: nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const installed = join(root, 'node_modules', '.pnpm', 'lock.yaml');
const PARENT_POLL_MS = 500;

/** The pinned pnpm keeps a byte-identical copy of the lockfile of what it installed. */
function isInstalled() {
  if (!existsSync(node) || !existsSync(installed)) return false;
  return readFileSync(installed).equals(readFileSync(join(root, 'pnpm-lock.yaml')));
}

function install() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines.packageManager;
  console.error(`Longwave: installing dependencies with pnpm ${version} (once; about half a minute)…`);
  const result = spawnSync(
    'npx',
    ['--yes', `pnpm@${version}`, 'install', '--frozen-lockfile', '--reporter=append-only'],
    {
      cwd: root,
      // npm's own settings reach nested tools as environment variables that they only warn about.
      stdio: ['ignore', process.env['LONGWAVE_VERBOSE'] ? 2 : 'pipe', 'pipe'],
    },
  );
  if (result.status === 0) return;
  console.error(String(result.stdout ?? ''), String(result.stderr ?? ''));
  console.error('Longwave: the installation failed. Is the npm registry reachable? Then run the same command again.');
  process.exit(1);
}

function run(script, args) {
  const path = [
    join(root, 'node_modules', '.bin'),
    join(root, 'tools', 'node_modules', '.bin'),
    process.env['PATH'] ?? '',
  ];
  const child = spawn(
    node,
    ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning', resolve(root, script), ...args],
    // The channel tells the child when this process is gone, whatever killed it.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, PATH: path.join(delimiter) } },
  );
  // A terminal sends Ctrl-C to the child as well; the order of the stop is the child's.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  // npm dies without telling anyone; to be adopted by another process is the only sign of it.
  const watch = setInterval(() => {
    if (process.ppid !== parent && child.connected) child.disconnect();
  }, PARENT_POLL_MS);
  child.once('exit', (code, signal) => {
    clearInterval(watch);
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Longwave needs Node 20.11 or newer to bootstrap itself; this is ${process.version}.`);
  process.exit(1);
}
const [script, ...args] = process.argv.slice(2);
if (!isInstalled()) install();
run(script, args);
