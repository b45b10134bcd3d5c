// However a log is cut into runs and rotated away, and however its messages lie among each other: the counts are the same.
import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { ingest, mailLog } from '../support/mail-log.ts';
import { counted, reporting } from '../support/reporting.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';
import { forgetLogs, REAL_LOGS } from './real-logs.ts';

const WRITTEN = new Date(2026, 10, 28, 6, 34).getTime();

async function scene(world: World, address: string): Promise<void> {
  const { allocationId } = await reporting(world);
  world.now = WRITTEN + 12 * HOUR;
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 10 * DAY });
}

/** Lines of different messages come in any order, those of one message in their own. */
function interleaved(lines: readonly string[], keyOf: (line: string) => string, draws: readonly number[]): string[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const key = keyOf(line);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const waiting = [...groups.values()];
  const all: string[] = [];
  for (let index = 0; waiting.length > 0; index += 1) {
    const at = (draws[index % draws.length] ?? 0) % waiting.length;
    const group = waiting[at] ?? [];
    all.push(group.shift() ?? '');
    if (group.length === 0) waiting.splice(at, 1);
  }
  return all;
}

const part = fc.record({
  share: fc.integer({ min: 1, max: 30 }),
  next: fc.constantFrom('read', 'rotate', 'compress', 'squeeze', 'copy and truncate', 'half a line' as const),
});

for (const { title, reader, header, lines, keyOf, address } of REAL_LOGS) {
  onBothEngines(
    `${title}: any split into runs and rotations, any order of messages counts the same`,
    async (t, world) => {
      t.timeout(600_000);
      await scene(world, address);
      const whole = mailLog(t);
      const begin = header === undefined ? '' : `${header}\n`;
      whole.addText(begin);
      whole.add(...lines);
      const once = await ingest(world, whole.path, reader);
      t.deepEqual(once.unread, []);
      const expected = await counted(world);
      t.true(once.sent >= 5 && expected.length > 0, JSON.stringify(once));
      const property = fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
        async (parts, draws) => {
          await forgetLogs(world);
          const log = mailLog(t);
          log.addText(begin);
          const all = interleaved(lines, keyOf, draws);
          let at = 0;
          for (const [index, { share, next }] of parts.entries()) {
            const end =
              index === parts.length - 1 ? all.length : Math.min(all.length, at + Math.ceil((all.length * share) / 60));
            log.add(...all.slice(at, end));
            at = end;
            const half = all[at]?.slice(0, 40) ?? '';
            if (next === 'half a line' && at < all.length) {
              appendFileSync(log.path, half);
              await ingest(world, log.path, reader);
              appendFileSync(log.path, `${all[at]?.slice(40)}\n`);
              at += 1;
            } else if (next === 'read') await ingest(world, log.path, reader);
            else if (at > 0) {
              // Only a log that was begun is known under its next name.
              if (index === 0) await ingest(world, log.path, reader);
              rotate(log.path, next, index);
              log.addText(begin);
            }
          }
          await ingest(world, log.path, reader);
          return JSON.stringify(await counted(world)) === JSON.stringify(expected);
        },
      );
      await t.notThrowsAsync(fc.assert(property, { numRuns: 12, endOnFailure: true }));
    },
  );
}

function rotate(path: string, how: string, index: number): void {
  const content = readFileSync(path);
  const day = new Date(WRITTEN + index * DAY).toISOString().slice(0, 10).replaceAll('-', '');
  const name = `${path}-${day}`;
  if (how === 'compress') writeFileSync(`${name}.gz`, gzipSync(content));
  else if (how === 'squeeze') writeFileSync(`${name}.zst`, zstdCompressSync(content));
  else if (how === 'rotate') renameSync(path, name);
  else writeFileSync(name, content);
  const rotated = how === 'compress' ? `${name}.gz` : how === 'squeeze' ? `${name}.zst` : name;
  utimesSync(rotated, WRITTEN / 1000 + index, WRITTEN / 1000 + index);
  if (how !== 'copy and truncate') rmSync(path, { force: true });
  writeFileSync(path, '');
}
