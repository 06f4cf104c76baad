// Loaded before steering: whoever imports the outbox gets no-outbox.ts instead. All other code is the same.
import { registerHooks } from 'node:module';

const replacement = new URL('./no-outbox.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === '@longwave/messaging/outbox'
      ? { url: replacement, shortCircuit: true }
      : nextResolve(specifier, context),
});
