import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const require = createRequire(import.meta.url);

/** Stylesheets, the typeface and the scripts: all from this host. Kept by browsers for a day. */
export function mountAssets(app: Express): void {
  const settings = { maxAge: '1d', index: false, redirect: false } as const;
  const tabler = join(dirname(require.resolve('@tabler/core/package.json')), 'dist/css/tabler.min.css');
  const inter = dirname(require.resolve('@fontsource-variable/inter/package.json'));
  app.get('/assets/tabler.css', (_req, res) => res.sendFile(tabler, settings));
  app.get('/assets/inter.css', (_req, res) => res.sendFile(join(inter, 'index.css'), settings));
  app.use('/assets/files', express.static(join(inter, 'files'), settings));
  app.use('/assets', express.static(PUBLIC, settings));
}
