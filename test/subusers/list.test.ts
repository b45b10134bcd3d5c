// Long lists of subusers, for their parent's people and for staff.
import { addCustomers } from '../../src/accounts/customers/actions.ts';
import { actIn } from '../../src/act.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'subusers are listed fifty to a page, by name, for the people of their parent and for staff',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const below = { plan: 'premium', region: 'us', people: [], parent: { id: acme.id, name: 'Acme' } } as const;
    const names = Array.from({ length: 52 }, (_, index) => `Sub ${String(index + 10)}`);
    await world.db.transaction((trx) =>
      addCustomers(
        actIn(trx, { person: null, at: world.now }),
        names.map((name) => ({ ...below, name })),
      ),
    );
    const { admin } = await make.staff(world);
    const places = [
      [await world.signedIn(acme.member.email), '/subusers'],
      [await world.signedIn(admin.email), `/customers/${acme.id}`],
    ] as const;
    for (const [visitor, path] of places) {
      const first = await visitor.get(path);
      t.regex(first.text, /Sub 10 .*Sub 59 /, path);
      t.notRegex(first.text, /Sub 60/, path);
      t.regex(first.text, /1–50 of 52/, path);
      const second = await visitor.get(`${path}?page=2`);
      t.regex(second.text, /Sub 60 .*Sub 61/, path);
      t.notRegex(second.text, /Sub 59/, path);
      t.regex(second.text, /51–52 of 52/, path);
      const beyond = await visitor.get(`${path}?page=3`);
      t.regex(beyond.text, /There are no more subusers on this page\. First page/, path);
    }
  },
);
