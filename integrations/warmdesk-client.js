// Asks Warmdesk over which addresses a message leaves, for the plugins of Haraka and ZoneMTA. Copy this file beside the
// folder that the plugin lies in.
const { readFile } = require('node:fs/promises');

/**
 * @typedef {object} Route What is to be done with a message.
 * @property {'send' | 'usual' | 'wait' | 'refuse'} act `usual`: it is not a customer's, so do as you always do.
 * @property {string[]} addresses Addresses to bind to, at most one of each family. The first is the message's own.
 * @property {string} reason One sentence, for the log and for the sender.
 */

/** Recipients in one question: its address has to fit into the head of a request. */
const AT_ONCE = 100;

class Warmdesk {
  /** `url` and `token` of a router (`npm run router -- --http 10042`); `table`: the file of `npm run export -- sources`. */
  constructor({ url, token, stream, table, timeout = 2000 }) {
    Object.assign(this, { url, token, stream, table, timeout });
  }

  /**
   * The route of a message for these recipients, which counts towards the cap once for each of them. Where nobody
   * answers, the table's; rejects where that cannot be read either, or is not kept.
   */
  async route(sender, recipients, message) {
    try {
      let told;
      for (let from = 0; from < recipients.length; from += AT_ONCE)
        told = await this.ask({ sender, message }, recipients.slice(from, from + AT_ONCE));
      return routeOf(told);
    } catch (error) {
      if (!this.table) throw error;
      return this.tabled(sender, error.message);
    }
  }

  /** C-06: why a sender's mail is refused when it is handed in; undefined: it is not, or nobody could say. */
  async refusal(sender, recipient) {
    try {
      const told = await this.ask({ sender }, [recipient]);
      return told.via === 'refusal' ? told.reason : undefined;
    } catch {
      const route = this.table ? await this.tabled(sender, '').catch(() => undefined) : undefined;
      return route?.act === 'refuse' ? route.reason : undefined;
    }
  }

  async ask(question, recipients) {
    const query = new URLSearchParams(this.stream ? { ...question, stream: this.stream } : question);
    for (const one of recipients) query.append('recipient', one);
    const answer = await fetch(`${this.url}/api/v1/route?${query}`, {
      headers: { Authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(this.timeout),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error?.message ?? `it answered ${answer.status}`);
    return json;
  }

  /** What the exported table says of a sender: lines `domain: ADDRESS; ADDRESS | FLAG`, the nearest domain first. */
  async tabled(sender, why) {
    const rows = new Map();
    for (const line of (await readFile(this.table, 'utf8')).split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0 && !line.startsWith('#')) rows.set(line.slice(0, colon), line.slice(colon + 1));
    }
    const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
    const names = domain.split('.').map((_, from, labels) => labels.slice(from).join('.'));
    const name = names.find((one) => rows.has(one));
    const reason = `Warmdesk did not answer (${why}); the exported table holds.`;
    if (name === undefined) return { act: 'usual', addresses: [], reason };
    const [addresses = '', flag = ''] = rows
      .get(name)
      .split('|', 2)
      .map((part) => part.trim());
    if (flag === 'wait') return { act: 'wait', addresses: [], reason };
    if (flag === 'transactional' && this.stream === 'marketing')
      return { act: 'refuse', addresses: [], reason: `${name} may send transactional messages only.` };
    const listed = addresses.split(/\s*;\s*/).filter((address) => address !== '');
    return { act: 'send', addresses: listed, reason };
  }
}

function routeOf({ via, addresses, reason }) {
  if (via === 'none') return { act: 'usual', addresses: [], reason };
  if (via === 'wait') return { act: 'wait', addresses: [], reason };
  if (via === 'refusal') return { act: 'refuse', addresses: [], reason };
  return { act: 'send', addresses, reason };
}

/** The name that an address says at EHLO, as the exports write it: `ip-192-0-2-1.mta.example.net`. */
const nameOf = (address, domain) => `ip-${address.replace(/[.:]/g, '-')}.${domain}`;

module.exports = { Warmdesk, nameOf };
