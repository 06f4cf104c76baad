// Builds the page into hashed files that the gateway serves, and proxies to a running gateway during `vite`.
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const gateway = 'http://127.0.0.1:8080';
const routed = ['/steering', '/resolver', '/audit-log', '/sse-proxy', '/events', '/health'];

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@longwave/source', ...defaultClientConditions] },
  build: {
    // Where light-dark() and container queries are native.
    target: ['chrome125', 'firefox128', 'safari18'],
    // The gateway's policy is `default-src 'self'`: a file inlined as data: would be blocked.
    assetsInlineLimit: 0,
    // Only for browsers older than the target; it would be dead weight.
    modulePreload: { polyfill: false },
    // No module of ours does anything when it is imported. Told so, the bundler drops what is not used of a package,
    // and with it zod, which the page never runs.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/packages\//, sideEffects: false }] } },
  },
  server: { proxy: Object.fromEntries(routed.map((path) => [path, { target: gateway }])) },
});
