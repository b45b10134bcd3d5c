import test from 'ava';
import fc from 'fast-check';
import { serveOrder } from '../../src/requests/waitlist.ts';

const waiting = fc.array(fc.integer({ min: 1, max: 6 })).map((counts) => counts.map((count, id) => ({ id, count })));

test('free IPs go to the longest-waiting that they suffice for, and no more are given than are free', (t) => {
  t.deepEqual(
    serveOrder(3, [
      { id: 1, count: 4 },
      { id: 2, count: 2 },
      { id: 3, count: 2 },
    ]),
    { served: [2], left: 1 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), waiting, (free, list) => {
      const { served, left } = serveOrder(free, list);
      const given = list.filter(({ id }) => served.includes(id)).reduce((sum, { count }) => sum + count, 0);
      return given + left === free && left >= 0;
    }),
  );
  t.pass();
});

test('nobody is overtaken who could have been served', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), waiting, (free, list) => {
      const { served } = serveOrder(free, list);
      let left = free;
      for (const { id, count } of list) {
        if (served.includes(id)) left -= count;
        else if (count <= left) return false;
      }
      return true;
    }),
  );
  t.pass();
});
