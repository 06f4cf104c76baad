// Settings of Prisma's CLI, which this repository uses for `prisma generate` alone.
import { defineConfig } from 'prisma/config';

// The CLI downloads a schema engine unless it is told of one. `generate` never runs it, so any executable will do.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
