import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type Express } from 'express';
import { usedRules } from './base-styles.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const VIEWS = fileURLToPath(new URL('../../views/', import.meta.url));
const require = createRequire(import.meta.url);

const textsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Part of the addresses of our own files: another content, another address. Which rules of Tabler pages need follows from the views. */
export const assetVersion: string = [...textsIn(PUBLIC), ...textsIn(VIEWS)]
  .reduce((hash, text) => hash.update(text), createHash('sha256'))
  .digest('hex')
  .slice(0, 8);

/** The rules of Tabler that pages can need: a sixth of it. */
export function tablerStyles(): string {
  const whole = join(dirname(require.resolve('@tabler/core/package.json')), 'dist/css/tabler.min.css');
  const words = [...textsIn(VIEWS), ...textsIn(PUBLIC)].flatMap((text) => text.match(/[A-Za-z][\w-]*/g) ?? []);
  return usedRules(readFileSync(whole, 'utf8'), new Set(words));
}

/** Stylesheets, the typeface and the scripts: all from this host. Browsers keep them; a new version has a new address. */
export function mountAssets(app: Express): void {
  // No ranges: those of what is compressed on its way would be of other bytes.
  const settings = { maxAge: '30d', index: false, redirect: false, acceptRanges: false } as const;
  // Worked out for the first that asks for it, in some hundredths of a second; then it is kept.
  let tabler: string | undefined;
  const inter = dirname(require.resolve('@fontsource-variable/inter/package.json'));
  // Files are the same for all, so their lengths tell nothing; pages hold what people wrote, and are left to the proxy.
  app.use('/assets', compression());
  app.get('/assets/tabler.css', (_req, res) => {
    tabler ??= tablerStyles();
    res.set('cache-control', 'public, max-age=2592000').type('css').send(tabler);
  });
  app.get('/assets/inter.css', (_req, res) => res.sendFile(join(inter, 'index.css'), settings));
  app.use('/assets/files', express.static(join(inter, 'files'), settings));
  app.use('/assets', express.static(PUBLIC, settings));
}
