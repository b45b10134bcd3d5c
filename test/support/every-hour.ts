// A clock that shows each hour of two days in turn, each time in the same world: what is done there is undone again.
import { type Day, startOfDay } from '../../src/day.ts';
import { HOUR, World } from './world.ts';

class Undone extends Error {}

/**
 * Runs `walk` at each hour of `day` and of the day after it (UTC). Each run starts from the world as it is now, with the
 * clock at that hour, and leaves nothing behind.
 */
export async function atEveryHour(
  world: World,
  day: Day,
  walk: (there: World, hour: number) => Promise<void>,
): Promise<void> {
  for (let hour = 0; hour < 48; hour += 1) {
    const run = world.db.transaction(async (trx) => {
      const there = new World(trx, world.databaseUrl, world.logLines, world.deps);
      there.now = startOfDay(day) + hour * HOUR;
      await walk(there, hour);
      throw new Undone();
    });
    await run.catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  }
}
