import { findPolicyVersion } from '../../src/policy/store.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines('a policy version is read once, inside transactions too', async (t, world) => {
  let reads = 0;
  world.db.on('query', ({ sql }: { sql: string }) => {
    if (sql.includes('policy_versions')) reads += 1;
  });
  const { id, document } = world.deps.policy;
  t.deepEqual((await findPolicyVersion(world.db, id)).document, document);
  for (let act = 0; act < 3; act += 1) {
    await world.db.transaction(async (trx) => t.deepEqual((await findPolicyVersion(trx, id)).document, document));
  }
  t.is(reads, 1);
});
