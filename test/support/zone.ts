// A world whose application asks a name server of the test's own.
import type { ExecutionContext } from 'ava';
import { openResolver } from '../../src/dns/resolver.ts';
import { NameServer, type Zones } from './name-server.ts';
import type { World } from './world.ts';

/** Starts a name server with these zones and has the world's application ask it. */
export async function publish(t: ExecutionContext, world: World, zones: Zones): Promise<NameServer> {
  const server = await NameServer.start(zones);
  t.teardown(() => server.stop());
  Object.assign(world.deps, { dns: openResolver([server.address], { questionMs: 10_000, atOnce: 20 }) });
  return server;
}
