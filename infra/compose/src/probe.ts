// What Docker asks whether a service is healthy with: its own readiness, inside its container. Exit code 0 or 1.
const ANSWER_WITHIN_MS = 2_500;

const port = process.env['PORT'] ?? '8080';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
// Kept by Docker: `docker inspect` shows it.
process.stdout.write(`${await answer.text()}\n`);
process.exitCode = answer.ok ? 0 : 1;
