// Prints how many bytes the core has in a page, bundled, minified and gzipped. A program of its own, because the
// bundler's native parts do not take objects from Jest's realm.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const entry = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
const built = await build({
  configFile: false,
  logLevel: 'silent',
  build: { write: false, minify: true, lib: { entry, formats: ['es'] } },
});
const outputs = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []));
const bytes = outputs.reduce((sum, output) => sum + ('code' in output ? gzipSync(output.code).length : 0), 0);
process.stdout.write(String(bytes));
