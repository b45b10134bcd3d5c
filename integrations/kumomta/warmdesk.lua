-- Warmdesk's part of a KumoMTA policy: over which pool a domain's mail goes, from which sources, and how often a dedicated
-- one may be chosen. A module to be required: it registers no handlers, because KumoMTA takes one of most kinds.
-- KumoMTA 2025.03.19 or later. The file is written by `npm run export -- kumomta`.
local kumo = require 'kumo'

local mod = {
  file = '/opt/kumomta/etc/policy/warmdesk.json',
  -- How soon mail that has to wait for the next day's cap is tried again: KumoMTA doubles the time between tries, and what
  -- waited past its `max_age` of a week would come back to its sender.
  retry_waiting = '20 minutes',
}

-- Where the file cannot be read this raises an error, and KumoMTA defers the mail: an older copy would be the memory of one
-- of many Lua contexts, and without any the mail would leave from the wrong address.
local read = kumo.memoize(function(file)
  return kumo.serde.json_load(file)
end, { name = 'warmdesk', ttl = '30 seconds', capacity = 1 })

local function state()
  return read(mod.file)
end

-- The entry for a name, or for the nearest name above it.
local function nearest(entries, name)
  name = string.lower(name or '')
  while name do
    local found = entries[name]
    if found then
      return found, name
    end
    name = string.match(name, '%.(.+)$')
  end
end

-- A number from 0 to 1, for choosing by share.
mod.random = math.random

-- Chooses whose mail a message is and over what it goes, once, when it comes in. `stream`: 'marketing' or
-- 'transactional'; campaigns of a domain in the transactional pool are refused (C-06), and so is all mail of one that is
-- stopped. Returns the tenant that it set, or nil where Warmdesk does not know the sender.
function mod.assign(msg, stream)
  local sender = msg:sender()
  local domain, name = nearest(state().domains, sender and sender.domain)
  if not domain then
    return nil
  end
  if domain.refused and (domain.stopped or stream == 'marketing') then
    kumo.reject(550, '5.7.1 ' .. domain.refused)
  end
  -- One kind of its mail may go over IPs of its own.
  name = domain.streams and domain.streams[stream] or name
  domain = state().domains[name] or domain
  local tenant = name
  local part = mod.random()
  for _, one in ipairs(domain.warming or {}) do
    part = part - one.share
    if part < 0 then
      tenant = name .. '+' .. one.source
      break
    end
  end
  msg:set_meta('tenant', tenant)
  return tenant
end

-- Settings for the queue of a tenant that `assign` set, added to `params`; nil for all other tenants. A warming IP that
-- has gone since is left out: the mail goes as the domain's other mail does.
function mod.queue(tenant, params)
  local name, source = string.match(tenant or '', '^([^+]+)%+?(.*)$')
  local domain = name and state().domains[name]
  if not domain then
    return nil
  end
  params = params or {}
  params.egress_pool = domain.pool
  for _, one in ipairs(domain.warming or {}) do
    if one.source == source then
      params.egress_pool = one.pool
    end
  end
  if domain.waits then
    params.max_retry_interval = mod.retry_waiting
  end
  return params
end

-- A pool of Warmdesk's, or nil. One that the file no longer has keeps its mail until the queue names another one.
function mod.pool(name)
  local entries = state().pools[name]
  if not entries and string.sub(name, 1, 7) ~= 'domain:' then
    return nil
  end
  return kumo.make_egress_pool { name = name, entries = entries or {} }
end

-- A source of Warmdesk's, or nil.
function mod.source(name)
  local source = state().sources[name]
  if not source then
    return nil
  end
  return kumo.make_egress_source {
    name = name,
    source_address = source.source_address,
    ehlo_domain = source.ehlo_domain,
  }
end

-- A mailbox provider by the recipient's domain, else by the mail servers of the site, whose name ends in theirs; all that
-- nobody lists are slowed together.
local function provider_of(domain, site)
  return state().provider_domains[string.lower(domain or '')] or (nearest(state().provider_mx, site)) or 'other'
end

-- The day that a cap is of. The file says it; where it was not written for a while, days go by all the same, each from six
-- o'clock UTC on, which leaves Warmdesk the time to judge the day before.
local function day_of(rate)
  return math.max(rate.day, (os.time() - 6 * 3600) // 86400)
end

-- Adds the rates of a source that may carry only so much to the settings of an egress path, for the one handler of get_egress_path_config.
function mod.limit(params, domain, source, site)
  params = params or {}
  local current = state()
  local limits = { [source] = current.rates[source] }
  local provider = provider_of(domain, site)
  local slowed = provider and current.provider_rates[provider]
  if slowed then
    limits[source .. '-' .. provider] = slowed[source]
  end
  if not next(limits) then
    return params
  end
  local rates = params.additional_source_selection_rates or {}
  for name, limit in pairs(limits) do
    rates[string.format('warmdesk-%s-%d', name, day_of(limit))] = limit.rate
    if limit.hourly then
      rates[string.format('warmdesk-%s-hour-%d', name, os.time() // 3600)] = limit.hourly
    end
  end
  params.additional_source_selection_rates = rates
  -- A new day's rate, and a new hour's, has a new name, so the path is looked at again each minute, also while no file changes.
  params.refresh_strategy = 'Ttl'
  return params
end

return mod
