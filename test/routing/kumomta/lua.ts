// A Lua context of KumoMTA, with real Lua 5.4: the page's policy and the shipped module run in it as they are, and what
// KumoMTA brings along is played by what is written of it (reference manual, August 2026). Contexts share what is memoized.
import { readFileSync } from 'node:fs';
import { type LuaEngine, LuaFactory } from 'wasmoon';
import { block } from '../../mta/page.ts';

/** Events that take one handler; a second one is an error when the policy loads. */
const SINGLE =
  'get_egress_path_config get_egress_pool get_egress_source smtp_server_message_received http_message_generated';

/** Fields that KumoMTA knows of; others make it refuse the settings. */
const FIELDS = {
  make_egress_path: 'additional_source_selection_rates refresh_strategy connection_limit enable_tls provider_name',
  make_egress_pool: 'name entries',
  make_egress_source: 'name source_address ehlo_domain',
  make_queue_config: 'egress_pool max_retry_interval retry_interval max_age refresh_strategy',
};

const KUMO = `
local handlers, single = {}, {}
for name in string.gmatch('${SINGLE}', '%S+') do single[name] = true end
local kumo = { serde = {} }
function kumo.on(event, handler)
  handlers[event] = handlers[event] or {}
  assert(not single[event] or #handlers[event] == 0, event .. ': a handler is defined already')
  table.insert(handlers[event], handler)
end
local own = {}
function kumo.memoize(work, options)
  return function(...)
    local key = options.name .. ' ' .. table.concat({ ... }, ' ')
    local version = host_version(key)
    if version == nil then
      local fresh = work(...)
      version = host_keep(key, fresh)
      own[key] = { version = version, value = fresh }
    elseif own[key] == nil or own[key].version ~= version then
      own[key] = { version = version, value = host_recall(key) }
    end
    return own[key].value
  end
end
-- JSON's arrays are tables from 1 on in Lua.
function kumo.serde.json_load(file)
  return load('return ' .. host_load(file))()
end
function kumo.reject(code, text) error({ code = code, text = text }) end
local function maker(fields)
  local known = {}
  for name in string.gmatch(fields, '%S+') do known[name] = true end
  return function(params)
    for name in pairs(params) do assert(known[name], 'unknown field ' .. name) end
    return params
  end
end
${Object.entries(FIELDS)
  .map(([name, fields]) => `kumo.${name} = maker('${fields}')`)
  .join('\n')}
package.loaded.kumo = kumo
package.loaded['policy-extras.shaping'] = { setup_with_automation = function()
  return { setup_publish = function() end, get_egress_path_config = function(domain, source, site, skip_make)
    local params = { connection_limit = 3, refresh_strategy = 'Epoch' }
    return skip_make and params or kumo.make_egress_path(params)
  end }
end }
package.loaded['policy-extras.queue'] = { setup_with_options = function(_, options)
  assert(options.skip_queue_config_hook)
  return { apply = function() end, resolve_config = function(_, domain) return { max_age = '2 days' } end }
end }
function call(event, ...)
  for _, handler in ipairs(handlers[event] or {}) do
    local result = handler(...)
    if result ~= nil then return result end
  end
end
function receive(event, sender)
  local meta = {}
  local msg = {
    sender = function() return sender and { domain = sender } or nil end,
    set_meta = function(_, key, value) meta[key] = value end,
    get_meta = function(_, key) return meta[key] end,
  }
  local ok, problem = pcall(call, event, msg)
  if ok then return { tenant = meta.tenant } end
  if type(problem) == 'table' then return problem end
  error(problem)
end
function tenants(event, sender, count)
  local all = {}
  for n = 1, count do all[n] = receive(event, sender).tenant end
  return table.concat(all, ' ')
end
`;

/** What all contexts of one KumoMTA share, and what a test decides. */
export type Host = {
  /** The exported file's text; null: it cannot be read. */
  file: string | null;
  readonly kept: Map<string, { readonly version: number; readonly value: unknown }>;
  /** UTC seconds. */
  at: number;
  random: () => number;
};

export const host = (file: string | null, at = 0): Host => ({ file, kept: new Map(), at, random: Math.random });

let versions = 0;
const factory = new LuaFactory();
const MODULE = readFileSync('integrations/kumomta/warmdesk.lua', 'utf8');

/** One of KumoMTA's Lua contexts, with the policy of the page loaded. */
export class Context {
  readonly #lua: LuaEngine;

  private constructor(lua: LuaEngine) {
    this.#lua = lua;
  }

  static async open(of: Host, policy = block('docs/kumomta.md', 'lua init.lua')): Promise<Context> {
    const lua = await factory.createEngine({ enableProxy: false });
    lua.global.set('host_version', (key: string) => of.kept.get(key)?.version);
    lua.global.set('host_recall', (key: string) => of.kept.get(key)?.value);
    lua.global.set('host_keep', (key: string, value: unknown) => {
      versions += 1;
      of.kept.set(key, { version: versions, value });
      return versions;
    });
    lua.global.set('host_load', () => {
      if (of.file === null) throw new Error('the file cannot be read');
      return luaOf(JSON.parse(of.file));
    });
    lua.global.set('host_at', () => Math.floor(of.at));
    lua.global.set('host_random', () => of.random());
    lua.doStringSync('os.time = function() return math.tointeger(host_at()) end math.random = host_random');
    lua.doStringSync(KUMO);
    lua.doStringSync(`package.preload.warmdesk = function() ${MODULE} end`);
    lua.doStringSync(policy);
    return new Context(lua);
  }

  /** What the first handler says that says anything. */
  call(event: string, ...args: (string | undefined)[]): Record<string, unknown> | undefined {
    return this.#lua.global.get('call')(event, ...args) ?? undefined;
  }

  /** The tenant that a message gets, or with what it is rejected. */
  receive(event: string, sender: string | undefined): { tenant?: string; code?: number; text?: string } {
    return this.#lua.global.get('receive')(event, sender);
  }

  /** The tenants that this many messages of a sender get. */
  tenants(event: string, sender: string, count: number): string[] {
    return String(this.#lua.global.get('tenants')(event, sender, count)).split(' ');
  }

  close(): void {
    this.#lua.global.close();
  }
}

/** A value of JSON as Lua's own text. */
function luaOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaOf).join(',')}}`;
  if (typeof value !== 'object' || value === null) return value === null ? 'nil' : JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `[${JSON.stringify(key)}]=${luaOf(one)}`);
  return `{${entries.join(',')}}`;
}
