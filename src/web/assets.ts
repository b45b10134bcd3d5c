import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Express } from 'express';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const require = createRequire(import.meta.url);

/** Part of the addresses of our own files: another content, another address. */
export const assetVersion: string = readdirSync(PUBLIC)
  .sort()
  .reduce((hash, name) => hash.update(readFileSync(join(PUBLIC, name))), createHash('sha256'))
  .digest('hex')
  .slice(0, 8);

/** Stylesheets, the typeface and the scripts: all from this host. Browsers keep them; a new version has a new address. */
export function mountAssets(app: Express): void {
  // No ranges: those of what is compressed on its way would be of other bytes.
  const settings = { maxAge: '30d', index: false, redirect: false, acceptRanges: false } as const;
  const tabler = join(dirname(require.resolve('@tabler/core/package.json')), 'dist/css/tabler.min.css');
  const inter = dirname(require.resolve('@fontsource-variable/inter/package.json'));
  // Files are the same for all, so their lengths tell nothing; pages hold what people wrote, and are left to the proxy.
  app.use('/assets', compression());
  app.get('/assets/tabler.css', (_req, res) => res.sendFile(tabler, settings));
  app.get('/assets/inter.css', (_req, res) => res.sendFile(join(inter, 'index.css'), settings));
  app.use('/assets/files', express.static(join(inter, 'files'), settings));
  app.use('/assets', express.static(PUBLIC, settings));
}
