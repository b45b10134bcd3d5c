import test from 'ava';
import fc from 'fast-check';
import { positionOf, serveOrder } from '../../src/requests/waitlist/serve-order.ts';
import { positionInWords } from '../../src/requests/waitlist/wording.ts';

const waiting = fc
  .array(fc.integer({ min: 1, max: 6 }))
  .map((counts) => counts.map((count, id) => ({ id, count, keptFrom: 10 })));
const NOW = 5;

const THREE = [4, 2, 2].map((count, index) => ({ id: index + 1, count, keptFrom: 10 }));

test('free IPs go to the longest-waiting that they suffice for, and no more are given than are free', (t) => {
  t.deepEqual(serveOrder(3, THREE, NOW), { served: [2], left: 1, kept: null });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), waiting, (free, list) => {
      const { served, left } = serveOrder(free, list, NOW);
      const given = list.filter(({ id }) => served.includes(id)).reduce((sum, { count }) => sum + count, 0);
      return given + left === free && left >= 0;
    }),
  );
  t.pass();
});

test('nobody is overtaken who could have been served', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), waiting, (free, list) => {
      const { served } = serveOrder(free, list, NOW);
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

test('who waited long enough is not overtaken any more: what is free is kept, also from new approvals', (t) => {
  t.deepEqual(serveOrder(3, THREE, 9), { served: [2], left: 1, kept: null });
  t.deepEqual(serveOrder(3, THREE, 10), { served: [], left: 0, kept: { id: 1, count: 3 } });
  t.deepEqual(serveOrder(4, THREE, 10), { served: [1], left: 0, kept: { id: 2, count: 0 } });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), waiting, (free, list) => {
      const { served } = serveOrder(free, list, 10);
      return served.every((id, index) => id === list[index]?.id);
    }),
  );
});

test('a position says the place, what is needed, what is free and what is kept', (t) => {
  t.like(positionOf(2, 1, THREE, NOW), { place: 2, of: 3, needs: 2, free: 1, kept: 0 });
  t.like(positionOf(1, 3, THREE, 10), { place: 1, of: 3, needs: 4, free: 3, kept: 3 });
  t.is(positionOf(9, 3, THREE, NOW), null);
  const said = (id: number, free: number, at: number) => {
    const position = positionOf(id, free, THREE, at);
    return position ? positionInWords(position, 'the US', at < 10 ? '23 Dec 2026' : null).join(' ') : '';
  };
  t.is(
    said(1, 1, NOW),
    'You have waited longest for IPs in the US of three who wait. You need four IPs at once; one is free now. Until 23 Dec 2026 requests that need fewer may be served before yours; from then on what comes free is kept for you.',
  );
  t.regex(said(1, 3, 10), /three are free now\. They are kept for you until there are enough\.$/);
  t.regex(
    said(3, 0, 10),
    /^You are the third of three who wait .* none is free now\. What comes free is kept for those/,
  );
});
