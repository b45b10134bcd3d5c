// A log with a damaged line, read as cron reads it: its outcome is counted, or the line is told, by its number, at every run.
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { KINDS } from '../../src/sending/logs/kinds.ts';
import { BoundedMemory } from '../../src/sending/logs/queue-memory.ts';
import { ingest, mailLog } from '../support/mail-log.ts';
import { reporting } from '../support/reporting.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';
import { damage, damaged } from './damage.ts';
import { forgetLogs, REAL_LOGS, type RealLog } from './real-logs.ts';

const NOW = Date.UTC(2026, 10, 28, 18);

/** How many records each line of a log is, read one after the other. */
function recordsOf({ reader, header, lines }: RealLog): number[] {
  const firstLine = header ?? lines[0] ?? '';
  const open = KINDS[reader].open({ memory: new BoundedMemory([]), isEgress: () => true, firstLine, now: NOW });
  return lines.map((line) => {
    const read = open.read(line);
    return Array.isArray(read) ? read.length : read === null || typeof read === 'string' ? 0 : 1;
  });
}

const isExpiry = (line: string): boolean => line.includes('status=expired');

async function scene(world: World, address: string): Promise<void> {
  const { allocationId } = await reporting(world);
  world.now = NOW;
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: NOW - 10 * DAY });
}

for (const log of REAL_LOGS) {
  const { title, reader, header, lines, address } = log;
  onBothEngines(`${title}: a damaged line is counted, or told by its number until it is mended`, async (t, world) => {
    t.timeout(600_000);
    await scene(world, address);
    const { path } = mailLog(t);
    const write = (all: readonly string[]) =>
      writeFileSync(path, [...(header === undefined ? [] : [header]), ...all, ''].join('\n'));
    const records = recordsOf(log);
    write(lines);
    const whole = await ingest(world, path, reader);
    const outcomes = records.flatMap((count, index) => (count > 0 ? [index] : []));
    // Who expires is known by the lines before.
    const expired = lines.reduce((sum, line, index) => sum + (isExpiry(line) ? (records[index] ?? 0) : 0), 0);
    const property = fc.asyncProperty(fc.constantFrom(...outcomes), damage, async (index, how) => {
      const line = lines[index] ?? '';
      const broken = damaged(line, how);
      if (/^\s*$/.test(broken) || broken.includes('\n')) return;
      await forgetLogs(world);
      write(lines.with(index, broken));
      const run = await ingest(world, path, reader);
      const number = index + (header === undefined ? 1 : 2);
      const isTold = run.unread.some((one) => one.line === number);
      const own = records[index] ?? 0;
      const most = isTold ? whole.records - own : whole.records;
      t.true(run.records <= most && run.records >= most - expired, `${run.records} of ${most}: ${broken}`);
      t.is(run.unread.length, isTold ? 1 : 0, broken);
      const again = await ingest(world, path, reader);
      t.deepEqual([again.records, again.unread.length], [0, run.unread.length], broken);
      // A log is known by its first line.
      if (!isTold || Buffer.byteLength(broken) !== Buffer.byteLength(line) || index === 0) return;
      write(lines);
      const mended = await ingest(world, path, reader);
      t.is(mended.unread.length, 0);
      t.true(mended.records === own || isExpiry(line), broken);
    });
    await t.notThrowsAsync(fc.assert(property, { numRuns: 10, endOnFailure: true }));
  });
}
