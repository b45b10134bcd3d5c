// Every page of the site in every state that looks different, with somebody who may see it. The tests of pages walk it.
import type { Sitter } from '../support/browser.ts';

export type Stop = {
  readonly name: string;
  /** The address as allRoutes has it, or what was posted to it. */
  readonly route: string;
  /** null: signed out. */
  readonly as: string | null;
  readonly status: number;
  readonly go: (sitter: Sitter) => Promise<void>;
};

export const WHO = {
  acme: 'owner@acme.example',
  tiny: 'owner@tinyco.example',
  alder: 'nora@alder.example',
  pinewood: 'kari@pinewood.example',
  receipts: 'owner@receipts.example',
  cobalt: 'leticia@cobaltgames.example',
  maple: 'hannah@mapleandrye.example',
  lumen: 'd.brandt@lumen-energie.example',
  hearth: 'priya@hearthandloom.example',
  kitebox: 'jun@kitebox.example',
  fernhillMember: 'g.ellis@fernhill.example',
  solstice: 'rui@solstice.example',
  insider: 'insider@warmdesk.example',
  reviewer: 'reviewer@warmdesk.example',
  second: 'reviewer2@warmdesk.example',
  admin: 'admin@warmdesk.example',
} as const;

type Going = (sitter: Sitter) => Promise<void>;

const stop = (name: string, route: string, as: string | null, go: Going | string, status = 200): Stop => ({
  name,
  route,
  as,
  status,
  go: typeof go === 'string' ? (sitter) => sitter.goto(go) : go,
});

/** One after the other. */
const way =
  (...goings: (Going | string)[]): Going =>
  async (sitter) => {
    for (const going of goings) await (typeof going === 'string' ? sitter.goto(going) : going(sitter));
  };
const press =
  (name: string): Going =>
  (sitter) =>
    sitter.press(name);
const follow =
  (name: string): Going =>
  (sitter) =>
    sitter.follow(name);
const fill =
  (fields: Readonly<Record<string, string>>): Going =>
  (sitter) =>
    sitter.fill(fields);
/** The first link of the page's table, or the one in the row that reads so. */
const openRow =
  (text?: string): Going =>
  (sitter) => {
    const rows = sitter.page.locator('main tbody tr');
    const row = text === undefined ? rows : rows.filter({ hasText: text });
    return sitter.leave(() => row.locator('a.row-link').first().click());
  };
/** The page of a domain on the shared pool, as staff see it. */
const sharedDomain: Going = async (sitter) => {
  await sitter.goto('/customers?q=Quickpost');
  await openRow('Quickpost')(sitter);
  await sitter.goto(`${sitter.path}/domains`);
  await openRow('track.quickpost')(sitter);
};
/** Asks for a domain, at the page of domains with this address. */
const added =
  (base: string, name: string): Going =>
  async (sitter) => {
    await sitter.goto(`${base}/new`);
    await sitter.page.getByLabel('Domain', { exact: true }).fill(name);
    await sitter.page.getByLabel('Marketing and transactional').check();
    await sitter.press('Add the domain');
  };
/** Posts a form that no page of ours has. */
const postFrom =
  (path: string, fields: Readonly<Record<string, string>>): Going =>
  async (sitter) => {
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    await sitter.page.setContent(`<form method="post" action="${path}">${inputs.join('')}<button>Go</button></form>`);
    await sitter.leave(() => sitter.page.locator('button').click());
  };
/** Uploads a count of a domain. */
const uploading = (domain: string): Going =>
  way(
    '/sending/upload',
    (sitter) =>
      sitter.page.getByLabel('CSV file').setInputFiles({
        name: 'counts.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `day;domain;via;provider;stream;sent;delivered;deferred;bounced;complained\n2026-11-01;${domain};shared-eu;gmail;marketing;2;1;0;1;0\n`,
        ),
      }),
    press('Upload'),
  );
/** Comments on the open request, with a file. */
const commenting = (text: string, name: string, content: string): Going =>
  way(
    fill({ Comment: text }),
    (sitter) =>
      sitter.page
        .getByLabel('Attach files')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) }),
    press('Add comment'),
  );
/** Imports a file of customers, or of the IPs that they have. */
const importing = (text: string, path = '/customers/import'): Going =>
  way(
    path,
    (sitter) =>
      sitter.page
        .getByLabel('CSV file')
        .setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }),
    press('Check and import'),
  );
const HOLDINGS = 'address,region,customer,domains,state,per_day,target,since,price\n';
/** Sends a policy of one's own. */
const uploadingPolicy = (text: string): Going =>
  way(
    '/settings/policy',
    (sitter) =>
      sitter.page
        .getByLabel('File')
        .setInputFiles({ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(text) }),
    press('Check and use it'),
  );
const fromAnotherSite: Going = async (sitter) => {
  await sitter.goto('/sign-in');
  const action = sitter.page.url();
  await sitter.page.goto('about:blank');
  await postFrom(action, {})(sitter);
};

export const WORDS = {
  'What you send': 'Order confirmations, and offers of the week.',
  'How recipients signed up': 'At the checkout, with a link to confirm.',
};
const sendsWhat = fill(WORDS);
const shown = (who: string): Going => way(`/review?tab=all&q=${encodeURIComponent(who)}`, openRow());
const own = (text: string): Going => way('/requests', openRow(text));

/** Follows the link in a mail to reviewers, as the development mailbox shows it. */
const unsubscribing: Going = async (sitter) => {
  await way('/mailbox', openRow('To review'))(sitter);
  await sitter.goto(`${sitter.path}/html`);
  const [link = ''] = /\/unsubscribe\/[\w.-]+/.exec(await sitter.source) ?? [];
  await sitter.goto(link);
};

const signingIn: readonly Stop[] = [
  stop('sign-in', '/sign-in', null, '/sign-in'),
  stop(
    'sign-in, refused',
    'POST /sign-in',
    null,
    way('/sign-in', fill({ Email: 'x@y.example' }), press('Sign in')),
    422,
  ),
  stop('session ended', 'POST /profile', null, way('/sign-in', postFrom('/profile', { name: 'Ola' })), 401),
  stop(
    'going on after the session ended',
    'POST /sign-in',
    null,
    way('/sign-in', postFrom('/profile', { name: 'Ola' }), (sitter) => sitter.signIn(WHO.kitebox)),
  ),
  stop('sign-in over a provider that is away', '/sign-in/openid', null, '/sign-in/openid', 503),
  stop('sign-in that came back too late', '/sign-in/openid/callback', null, '/sign-in/openid/callback?state=x', 400),
  stop('password reset', '/password-reset', null, '/password-reset'),
  stop(
    'password reset, sent',
    'POST /password-reset',
    null,
    way('/password-reset', fill({ Email: WHO.hearth }), press('Mail me a link')),
  ),
  stop('password reset, old link', '/password-reset/:token', null, `/password-reset/${'x'.repeat(43)}`, 404),
  stop('change of address, old link', '/email-change/:token', null, `/email-change/${'x'.repeat(43)}`, 404),
  stop('invitation, old link', '/invitation/:token', null, `/invitation/${'x'.repeat(43)}`, 404),
  stop('stopping mails', '/unsubscribe/:token', null, unsubscribing),
  stop('mails, stopped', 'POST /unsubscribe/:token', null, way(unsubscribing, press('Stop these mails'))),
  stop('mailbox', '/mailbox', null, '/mailbox'),
  stop('mail', '/mailbox/:id', null, way('/mailbox', openRow())),
  stop('mail itself', '/mailbox/:id/html', null, async (sitter) => {
    await way('/mailbox', openRow())(sitter);
    await sitter.goto(`${sitter.path}/html`);
    // No script runs in its sandbox, not even those of tests.
    const source = await sitter.source;
    await sitter.page.goto('about:blank');
    await sitter.page.setContent(source);
  }),
];

const asking: readonly Stop[] = [
  stop('home', '/', WHO.acme, '/'),
  stop('home, warm-up runs', '/', WHO.alder, '/'),
  stop('home, warm-up is paused', '/', WHO.pinewood, '/'),
  stop('home, questions wait', '/', WHO.maple, '/'),
  stop('requests', '/requests', WHO.acme, '/requests'),
  stop('requests, none', '/requests', WHO.tiny, '/requests'),
  stop('requests, found by words', '/requests', WHO.acme, '/requests?q=newsletter'),
  stop('requests, nothing found', '/requests', WHO.acme, '/requests?q=quokka'),
  stop('choose', '/requests/new', WHO.acme, '/requests/new'),
  stop('choose, too little mail', '/requests/new', WHO.tiny, '/requests/new'),
  stop('what one needs', '/requests/qualifying', WHO.acme, '/requests/qualifying'),
  stop('what one needs, too little mail', '/requests/qualifying', WHO.tiny, '/requests/qualifying'),
  stop(
    'what one needs, a mail asked for',
    '/requests/qualifying',
    WHO.tiny,
    way('/requests/qualifying', (sitter) =>
      sitter.leave(() => sitter.page.getByRole('button', { name: 'Mail me when all checks pass' }).first().click()),
    ),
  ),
  stop('what one needs, the pool', '/requests/qualifying', WHO.receipts, '/requests/qualifying'),
  stop(
    'a rejected form, gone back to',
    '/rejected/:key',
    WHO.acme,
    way(
      '/requests/new/dedicated-ips',
      fill({ 'Number of IPs': 'fifty' }),
      press('Check your request'),
      async (sitter) => {
        await sitter.page.reload();
      },
    ),
    422,
  ),
  stop('ask for IPs', '/requests/new/dedicated-ips', WHO.acme, '/requests/new/dedicated-ips'),
  stop(
    'ask for IPs, wrong',
    'POST /requests/dedicated-ips',
    WHO.acme,
    way('/requests/new/dedicated-ips', fill({ 'Number of IPs': 'fifty' }), press('Check your request')),
    422,
  ),
  stop('ask for IPs, one open', '/requests/new/dedicated-ips', WHO.hearth, '/requests/new/dedicated-ips'),
  stop(
    'check',
    '/requests/dedicated-ips/:token',
    WHO.acme,
    way('/requests/new/dedicated-ips', sendsWhat, press('Check your request')),
  ),
  stop(
    'check, against',
    '/requests/dedicated-ips/:token',
    WHO.tiny,
    way('/requests/new/dedicated-ips', sendsWhat, press('Check your request')),
  ),
  stop(
    'check, blocked',
    '/requests/dedicated-ips/:token',
    WHO.fernhillMember,
    way('/requests/new/dedicated-ips', sendsWhat, press('Check your request')),
  ),
  stop('ask for the pool', '/requests/new/transactional-pool', WHO.receipts, '/requests/new/transactional-pool'),
  stop(
    'ask for the pool, wrong',
    'POST /requests/transactional-pool',
    WHO.receipts,
    way('/requests/new/transactional-pool', press('Check your request')),
    422,
  ),
  stop(
    'check of the pool',
    '/requests/transactional-pool/:token',
    WHO.receipts,
    way(
      '/requests/new/transactional-pool',
      (sitter) => sitter.tick('receipts.example', 'I confirm'),
      fill({ 'What you send': 'Receipts.', 'Sample subjects': 'Your receipt\nYour refund\nYour invoice' }),
      press('Check your request'),
    ),
  ),
];

const following: readonly Stop[] = [
  stop('request, fulfilled', '/requests/:reference', WHO.acme, own('WD-1003')),
  stop('request, submitted', '/requests/:reference', WHO.hearth, '/requests/WD-1029'),
  stop('request, changing', '/requests/:reference/edit', WHO.hearth, '/requests/WD-1029/edit'),
  stop(
    'request, changing, wrong',
    'POST /requests/:reference/edit',
    WHO.hearth,
    way('/requests/WD-1029/edit', fill({ 'Number of IPs': 'fifty' }), press('Check your change')),
    422,
  ),
  stop(
    'request, change checked',
    '/requests/:reference/edit',
    WHO.hearth,
    way('/requests/WD-1029/edit', fill({ 'What you send': 'Another newsletter.' }), press('Check your change')),
  ),
  stop(
    'request, comment missing',
    'POST /requests/:reference/comments',
    WHO.hearth,
    way('/requests/WD-1029', press('Add comment')),
    422,
  ),
  stop(
    'request, file not taken',
    'POST /requests/:reference/comments',
    WHO.hearth,
    way('/requests/WD-1029', commenting('See page two.', 'contract.pdf', '%PDF-1.7\n')),
    422,
  ),
  stop(
    'request, file attached',
    '/requests/:reference',
    WHO.hearth,
    way('/requests/WD-1029', commenting('These are our mailings.', 'mailings.txt', 'Tuesday, Friday\n')),
  ),
  stop('request, second review', '/requests/:reference', WHO.solstice, own('dedicated IP')),
  stop('request, question', '/requests/:reference', WHO.maple, '/requests/WD-1020'),
  stop(
    'request, answer missing',
    'POST /requests/:reference/answer',
    WHO.maple,
    way('/requests/WD-1020', press('Send answer')),
    422,
  ),
  stop('request, offered', '/requests/:reference', WHO.cobalt, '/requests/WD-1018'),
  stop('request, waitlisted', '/requests/:reference', WHO.lumen, '/requests/WD-1019'),
  stop('request, declined', '/requests/:reference', WHO.cobalt, '/requests/WD-1016'),
  stop('request, expired', '/requests/:reference', WHO.hearth, '/requests/WD-1004'),
  stop('request, pool', '/requests/:reference', WHO.hearth, '/requests/WD-1008'),
  stop(
    'request, moved on',
    'POST /requests/:reference/withdrawal',
    WHO.acme,
    way(own('WD-1003'), async (sitter) => {
      await postFrom(`${sitter.path}/withdrawal`, {})(sitter);
    }),
    409,
  ),
  stop('domains', '/domains', WHO.acme, '/domains'),
  stop('domains, DMARC missing', '/domains', WHO.maple, '/domains'),
  stop('domain, adding', '/domains/new', WHO.acme, way('/domains', follow('Add a domain'))),
  stop('domain, refused', 'POST /domains', WHO.acme, way('/domains/new', press('Add the domain')), 422),
  stop('domain, waiting for proof', '/domains/pending/:pending', WHO.acme, added('/domains', 'waits.test')),
  stop('domains, one waiting', '/domains', WHO.acme, way(added('/domains', 'waits.test'), '/domains')),
  stop(
    'domain, removing',
    '/domains/:id/removal',
    WHO.acme,
    way('/domains', openRow('acme'), follow('Remove this domain')),
  ),
  stop('domain, its use', '/domains/:id/use', WHO.acme, way('/domains', openRow('acme'), follow('Change the use'))),
  stop(
    'domain in the pool, its use',
    '/domains/:id/use',
    WHO.hearth,
    way('/domains', openRow('orders.'), follow('Change the use')),
  ),
  stop('domain', '/domains/:id', WHO.acme, way('/domains', openRow('acme'))),
  stop('domain, records missing', '/domains/:id', WHO.maple, way('/domains', openRow())),
  stop('domain, in the pool', '/domains/:id', WHO.hearth, way('/domains', openRow('orders.'))),
  stop(
    'domain, leaving the pool',
    '/domains/:id/leaving',
    WHO.hearth,
    way('/domains', openRow('orders.'), follow('Leave the transactional pool')),
  ),
  stop('IPs', '/ips', WHO.acme, '/ips'),
  stop('IPs, none', '/ips', WHO.tiny, '/ips'),
  stop('charges', '/charges', WHO.acme, '/charges'),
  stop('charges, a closed month', '/charges', WHO.acme, '/charges?month=2026-10'),
  stop('charges, none', '/charges', WHO.tiny, '/charges?month=2026-10'),
  stop('subusers, none', '/subusers', WHO.alder, '/subusers'),
  stop('subuser, new', '/subusers/new', WHO.alder, '/subusers/new'),
  stop(
    'subuser, wrong',
    'POST /subusers',
    WHO.alder,
    way('/subusers/new', fill({ Name: '' }), press('Create and invite')),
    422,
  ),
  stop(
    'subuser',
    '/subusers/:id',
    WHO.alder,
    way(
      '/subusers/new',
      fill({ Name: 'Alder Labs', Email: 'labs@alder.example' }),
      (sitter) => sitter.page.getByLabel('US', { exact: true }).check(),
      press('Create and invite'),
    ),
  ),
  stop('subusers', '/subusers', WHO.alder, '/subusers'),
  stop(
    'subuser, sending',
    '/subusers/:id/sending',
    WHO.alder,
    way('/subusers', openRow('Alder Labs'), (sitter) =>
      sitter.leave(() => sitter.page.locator('main a[href$="/sending"]').click()),
    ),
  ),
  stop('IPs with subusers', '/ips', WHO.alder, '/ips'),
  stop('IP, its subusers', '/ips/:id/subusers', WHO.alder, way('/ips', follow('Assign'))),
  stop('IP pools, none', '/ips/pools', WHO.alder, way('/ips', follow('IP pools'))),
  stop('IP pool, new', '/ips/pools/new', WHO.alder, '/ips/pools/new'),
  stop(
    'IP pool, wrong',
    'POST /ips/pools',
    WHO.alder,
    way('/ips/pools/new', fill({ Name: '' }), press('Make the pool')),
    422,
  ),
  stop(
    'IP pools',
    '/ips/pools',
    WHO.alder,
    way(
      '/ips/pools/new',
      fill({ Name: 'News' }),
      (sitter) =>
        sitter.page
          .getByLabel(/^Weight of /)
          .first()
          .fill('3'),
      press('Make the pool'),
    ),
  ),
  stop('IP pool', '/ips/pools/:id', WHO.alder, way('/ips/pools', openRow('News'))),
  stop('IP pool, deletion', '/ips/pools/:id/removal', WHO.alder, way('/ips/pools', follow('Delete'))),
  stop('domain, IP pools', '/domains/:id/pools', WHO.alder, way('/ips/pools', follow('Choose pools'))),
  stop(
    'customer, IP pools',
    '/customers/:id/pools',
    WHO.admin,
    way('/customers?q=Alder', openRow('Alder'), follow('IP pools')),
  ),
  stop(
    'customer, new subuser',
    '/customers/:id/subusers/new',
    WHO.admin,
    way('/customers?q=Alder', openRow('Alder'), follow('Create one')),
  ),
  stop('IP, its domains', '/ips/:id/use', WHO.acme, way('/ips', follow('Change domains'))),
  stop('IP, giving back', '/ips/:id/release', WHO.acme, way('/ips', follow('Give back'))),
  stop('IP with a warm-up, giving back', '/ips/:id/release', WHO.alder, way('/ips', follow('Give back'))),
  stop(
    'warm-up of one’s own',
    '/warm-ups/:id',
    WHO.acme,
    way(own('WD-1003'), (sitter) => sitter.leave(() => sitter.page.locator('a[href^="/warm-ups/"]').first().click())),
  ),
  stop('sending', '/sending', WHO.acme, '/sending'),
  stop('sending, by day', '/sending', WHO.acme, '/sending?by=day&provider=other'),
  stop('sending over an IP', '/ips/:id/sending', WHO.acme, way('/ips', follow('Sending over'))),
  stop('history', '/history', WHO.acme, '/history'),
  stop('profile', '/profile', WHO.acme, '/profile'),
  stop('profile, wrong', 'POST /profile', WHO.acme, way('/profile', fill({ Name: '' }), press('Save')), 422),
  stop('mails', '/profile/mails', WHO.acme, '/profile/mails'),
  stop('mails of a reviewer', '/profile/mails', WHO.admin, '/profile/mails'),
  stop('change of address', '/profile/email', WHO.receipts, '/profile/email'),
  stop(
    'change of address, wrong',
    'POST /profile/email',
    WHO.receipts,
    way('/profile/email', fill({ 'New email': 'nowhere' }), press('Mail the links')),
    422,
  ),
  stop(
    'change of address, waiting',
    '/profile/email',
    WHO.receipts,
    way('/profile/email', fill({ 'New email': 'rosa@receipts.example' }), press('Mail the links')),
  ),
  stop('policy', '/policy', WHO.acme, '/policy'),
];

const reviewing: readonly Stop[] = [
  stop('queue', '/review', WHO.reviewer, '/review'),
  stop('queue, all', '/review', WHO.reviewer, '/review?tab=all'),
  stop('queue, nothing matches', '/review', WHO.reviewer, '/review?q=nobody'),
  stop('queue, found by words', '/review', WHO.reviewer, '/review?tab=all&q=newsletter'),
  stop('views, none', '/review/views', WHO.reviewer, '/review/views'),
  stop(
    'view, saved',
    '/review',
    WHO.reviewer,
    way('/review?region=eu', postFrom('/review/views', { name: 'Europe', query: 'region=eu', shared: 'yes' })),
  ),
  stop('views', '/review/views', WHO.reviewer, '/review/views'),
  stop('view, changing', '/review/views/:view', WHO.reviewer, way('/review/views', follow('Change'))),
  stop(
    'view, its name missing',
    'POST /review/views',
    WHO.reviewer,
    way('/review', postFrom('/review/views', { name: '', query: 'region=eu' })),
    422,
  ),
  stop('canned answers, none', '/review/answers', WHO.reviewer, '/review/answers'),
  stop(
    'canned answers',
    'POST /review/answers',
    WHO.reviewer,
    way(
      '/review/answers',
      postFrom('/review/answers', {
        purpose: 'ask',
        name: 'Lists',
        body: 'Dear {person}, where are the lists of {domains} from?',
      }),
    ),
  ),
  stop('canned answer, changing', '/review/answers/:answer', WHO.reviewer, way('/review/answers', openRow('Lists'))),
  stop(
    'canned answer, wrong',
    'POST /review/answers',
    WHO.reviewer,
    way('/review/answers', postFrom('/review/answers', { purpose: 'ask', name: 'Lists', body: 'Dear {nobody}' })),
    422,
  ),
  stop(
    'review, a text chosen',
    'POST /review/:reference/text',
    WHO.reviewer,
    way(
      shown('WD-1029'),
      follow('Ask for information'),
      (sitter) => sitter.page.locator('.canned > summary').click(),
      press('Use this text'),
    ),
  ),
  stop('review', '/review/:reference', WHO.reviewer, shown('WD-1029')),
  stop('review, next', '/review/next', WHO.reviewer, '/review/next'),
  stop('review, yours', '/review/:reference', WHO.reviewer, way(shown('WD-1029'), press('Claim'))),
  stop('review, a colleague’s', '/review/:reference', WHO.second, shown('WD-1029')),
  stop('approve together', '/review/approvals', WHO.reviewer, way('/review', follow('that pass every check'))),
  stop('review, checks fail', '/review/:reference', WHO.reviewer, shown('WD-1024')),
  stop('review, two IPs', '/review/:reference', WHO.reviewer, shown('WD-1023')),
  stop('review, pool', '/review/:reference', WHO.reviewer, shown('WD-1028')),
  stop('review, declining', '/review/:reference', WHO.reviewer, way(shown('WD-1029'), follow('Decline'))),
  stop('review, asking', '/review/:reference', WHO.reviewer, way(shown('WD-1029'), follow('Ask for information'))),
  stop('review, offering', '/review/:reference', WHO.reviewer, way(shown('WD-1023'), follow('Offer fewer IPs'))),
  stop('review, second', '/review/:reference', WHO.reviewer, shown('WD-1025')),
  stop('review, sending back', '/review/:reference', WHO.reviewer, way(shown('WD-1025'), follow('Send back'))),
  stop('review, own proposal', '/review/:reference', WHO.reviewer, shown('WD-1026')),
  stop('review, own account', '/review/:reference', WHO.insider, shown('WD-1027')),
  stop('review, offered', '/review/:reference', WHO.reviewer, shown('WD-1018')),
  stop('review, waitlisted', '/review/:reference', WHO.reviewer, shown('WD-1019')),
  stop('review, question open', '/review/:reference', WHO.reviewer, shown('WD-1020')),
  stop('review, fulfilled', '/review/:reference', WHO.reviewer, shown('WD-1012')),
  stop('review, declined', '/review/:reference', WHO.reviewer, shown('WD-1016')),
  stop(
    'review, reason missing',
    'POST /review/:reference/refusal',
    WHO.reviewer,
    way(shown('WD-1029'), follow('Decline'), press('Decline')),
    422,
  ),
  stop(
    'review, page incomplete',
    'POST /review/:reference/approval',
    WHO.reviewer,
    way(shown('WD-1029'), postFrom('/review/WD-1029/approval', { seen: '{}' })),
    409,
  ),
  stop(
    'approved together, or not',
    'POST /review/approvals',
    WHO.reviewer,
    way('/review', postFrom('/review/approvals', { request: '29', 'seen-29': '{}' })),
  ),
  stop('customer', '/customers/:id', WHO.reviewer, way(shown('WD-1029'), follow('Customer page'))),
];

const running: readonly Stop[] = [
  stop('ledger', '/ledger', WHO.admin, '/ledger'),
  stop('ledger, a closed month', '/ledger', WHO.admin, '/ledger?month=2026-09'),
  stop('ledger, a month to be closed', '/ledger', WHO.admin, '/ledger?month=2026-10'),
  stop('ledger, nobody found', '/ledger', WHO.admin, '/ledger?q=nobody'),
  stop(
    'ledger, not over',
    'POST /ledger/closing',
    WHO.admin,
    way('/ledger', postFrom('/ledger/closing', { month: '2026-11' })),
    409,
  ),
  stop('charges of a customer', '/customers/:id/charges', WHO.admin, '/customers/1/charges?month=2026-09'),
  stop('inventory', '/inventory', WHO.reviewer, '/inventory'),
  stop('map of the stock', '/inventory/map', WHO.reviewer, way('/inventory', follow('Map by subnet'))),
  stop('map of the stock, a subnet', '/inventory/map', WHO.reviewer, way('/inventory/map', follow('198.51.100.0/24'))),
  stop(
    'inventory, adding',
    '/inventory',
    WHO.admin,
    way('/inventory', (sitter) => sitter.page.locator('details > summary').first().click()),
  ),
  stop(
    'inventory, wrong',
    'POST /inventory/ips',
    WHO.admin,
    way(
      '/inventory',
      (sitter) => sitter.page.locator('details > summary').first().click(),
      (sitter) => sitter.page.locator('textarea').fill('10.0.0.1\nnonsense'),
      press('Add IPs'),
    ),
    422,
  ),
  stop('IP, out of stock', '/inventory/ips/:id/withdrawal', WHO.admin, way('/inventory', follow('Take out'))),
  stop(
    'IP, out of stock without a reason',
    'POST /inventory/ips/:id/withdrawal',
    WHO.admin,
    way('/inventory', follow('Take out'), press('Take it out')),
    422,
  ),
  stop(
    'IP, back in stock',
    '/inventory/ips/:id/return',
    WHO.admin,
    way(
      '/inventory',
      follow('Take out'),
      fill({ Reason: 'On a blocklist since Monday.' }),
      press('Take it out'),
      follow('Put back'),
    ),
  ),
  stop('warm-ups', '/warm-ups', WHO.reviewer, '/warm-ups'),
  stop('warm-ups, worst rates', '/warm-ups', WHO.reviewer, '/warm-ups?tab=worst'),
  stop('warm-ups, past the end', '/warm-ups', WHO.reviewer, '/warm-ups?page=99'),
  stop('warm-up', '/warm-ups/:id', WHO.reviewer, way('/warm-ups', openRow())),
  stop('what if', '/warm-ups/what-if', WHO.reviewer, way('/warm-ups', follow('What if'))),
  stop(
    'what if, of a plan',
    '/warm-ups/what-if',
    WHO.reviewer,
    way('/warm-ups', openRow(), follow('What if it sent more'), (sitter) =>
      sitter.goto(`${sitter.path}${new URL(sitter.page.url()).search}&bad_day=9&bad_bounce=60`),
    ),
  ),
  stop(
    'what if, wrong',
    '/warm-ups/what-if',
    WHO.reviewer,
    '/warm-ups/what-if?weekly=many&pattern=1&bad_bounce=200&bad_deferred=4',
    422,
  ),
  stop('warm-up, set back', '/warm-ups/:id', WHO.reviewer, way('/warm-ups', openRow('Harbour'), follow('Set back'))),
  stop(
    'warm-up, set back to nothing',
    'POST /warm-ups/:id/setback',
    WHO.reviewer,
    way('/warm-ups', openRow('Harbour'), follow('Set back'), press('Set back')),
    422,
  ),
  stop(
    'warm-up, plan again',
    '/warm-ups/:id',
    WHO.reviewer,
    way('/warm-ups', openRow('Harbour'), follow('Plan again')),
  ),
  stop(
    'warm-up, plan again for nothing',
    'POST /warm-ups/:id/plan',
    WHO.reviewer,
    way('/warm-ups', openRow('Harbour'), follow('Plan again'), press('Plan again')),
    422,
  ),
  stop('warm-up, resume', '/warm-ups/:id', WHO.reviewer, way('/warm-ups', openRow('Pinewood'), follow('Resume'))),
  stop('mail, failed', '/mail', WHO.reviewer, '/mail?tab=failed'),
  stop('mail, waiting', '/mail', WHO.reviewer, '/mail?tab=waiting'),
  stop('mail, sent', '/mail', WHO.reviewer, '/mail?tab=sent'),
  stop('mail, came back', '/mail', WHO.reviewer, '/mail?tab=bounced'),
  stop('mail that came in', '/mail/inbound', WHO.reviewer, '/mail/inbound'),
  stop('mail systems, none', '/mail-systems', WHO.admin, '/mail-systems'),
  stop(
    'mail system, added',
    'POST /mail-systems',
    WHO.admin,
    way('/mail-systems', fill({ Name: 'mx1' }), press('Add and show its token')),
  ),
  stop('mail systems', '/mail-systems', WHO.admin, '/mail-systems'),
  stop(
    'mail system, name taken',
    'POST /mail-systems',
    WHO.admin,
    way('/mail-systems', fill({ Name: 'mx1' }), press('Add and show its token')),
    422,
  ),
  stop('mail system, revoking', '/mail-systems/:id/revocation', WHO.admin, way('/mail-systems', follow('Revoke mx1'))),
  stop('sending of a customer', '/customers/:id/sending', WHO.reviewer, way('/pools', '/customers/1/sending')),
  stop('sending over an IP, as staff', '/ips/:id/sending', WHO.reviewer, way('/inventory', follow('198.51.100.20'))),
  stop('pools', '/pools', WHO.reviewer, '/pools'),
  stop('a pool', '/pools/:pool', WHO.reviewer, '/pools/shared-us'),
  stop('counts, upload', '/sending/upload', WHO.reviewer, '/sending/upload'),
  stop('counts, no file', 'POST /sending/upload', WHO.reviewer, way('/sending/upload', press('Upload')), 422),
  stop('counts, uploaded', '/sending/uploads/:id', WHO.reviewer, uploading('shop.acme.example')),
  stop('counts, refused', 'POST /sending/upload', WHO.reviewer, uploading('=cmd'), 422),
  stop('customers', '/customers', WHO.reviewer, '/customers'),
  stop('customers, found', '/customers', WHO.admin, '/customers?q=acme'),
  stop('customers, none found', '/customers', WHO.admin, '/customers?q=nobody-at-all'),
  stop('customers, none suspended', '/customers', WHO.admin, '/customers?status=suspended'),
  stop('customer, to be added', '/customers/new', WHO.admin, '/customers/new'),
  stop('customer, added wrong', 'POST /customers', WHO.admin, way('/customers/new', press('Add and invite')), 422),
  stop('customer, as an administrator', '/customers/:id', WHO.admin, '/customers/1'),
  stop('customer’s domains', '/customers/:id/domains', WHO.reviewer, way('/customers/1', follow('All domains'))),
  stop('customer’s domain, adding', '/customers/:id/domains/new', WHO.admin, '/customers/1/domains/new'),
  stop(
    'customer’s domain, waiting for proof',
    '/customers/:id/domains/pending/:pending',
    WHO.admin,
    added('/customers/1/domains', 'waits-too.test'),
  ),
  stop(
    'customer’s domain',
    '/customers/:id/domains/:domain',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail')),
  ),
  stop(
    'customer’s domain, removing',
    '/customers/:id/domains/:domain/removal',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), follow('Remove this domain')),
  ),
  stop(
    'customer’s domain, its use',
    '/customers/:id/domains/:domain/use',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), follow('Change the use')),
  ),
  stop('customer, to be changed', '/customers/:id/plan', WHO.admin, '/customers/1/plan'),
  stop(
    'customer, what follows from another plan',
    'POST /customers/:id/plan',
    WHO.admin,
    way('/customers/1/plan', (sitter) => sitter.tick('Essentials'), press('See what follows')),
  ),
  stop('customer, to be suspended', '/customers/:id/suspension', WHO.admin, '/customers/1/suspension'),
  stop('customer, to be closed', '/customers/:id/closing', WHO.admin, '/customers/1/closing'),
  stop('customer with nothing, to be closed', '/customers/:id/closing', WHO.admin, '/customers/2/closing'),
  stop(
    'customer’s IP, its domains',
    '/customers/:id/ips/:ip/use',
    WHO.admin,
    way('/customers/1', follow('Change domains')),
  ),
  stop(
    'customer’s IP, giving back',
    '/customers/:id/ips/:ip/release',
    WHO.admin,
    way('/customers/1', follow('Give back')),
  ),
  stop(
    'customer’s IP, giving back without a reason',
    'POST /customers/:id/ips/:ip/release',
    WHO.admin,
    way('/customers/1', follow('Give back'), press('Give')),
    422,
  ),
  stop(
    'customer’s domain, tier',
    '/customers/:id/domains/:domain/tier',
    WHO.admin,
    way(sharedDomain, follow('Choose its tier')),
  ),
  stop(
    'customer’s domain, tier wrong',
    'POST /customers/:id/domains/:domain/tier',
    WHO.admin,
    way(sharedDomain, follow('Choose its tier'), press('Put it in this tier')),
    422,
  ),
  stop(
    'customer’s domain, stop',
    '/customers/:id/domains/:domain/stop',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), (sitter) => sitter.goto(`${sitter.path}/stop`)),
  ),
  stop(
    'customer’s domain, return',
    '/customers/:id/domains/:domain/return',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), (sitter) => sitter.goto(`${sitter.path}/return`)),
  ),
  stop(
    'customer’s domain, leaving',
    '/customers/:id/domains/:domain/leaving',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), (sitter) => sitter.goto(`${sitter.path}/leaving`)),
  ),
  stop(
    'customer’s domain, staying',
    '/customers/:id/domains/:domain/staying',
    WHO.admin,
    way('/customers/1/domains', openRow('bigmail'), (sitter) => sitter.goto(`${sitter.path}/staying`)),
  ),
  stop('draft handed over', '/requests/drafts/:id', WHO.acme, '/requests/drafts/1'),
  stop('import', '/customers/import', WHO.admin, '/customers/import'),
  stop('import, refused', 'POST /customers/import', WHO.admin, importing('customer,plan\nAcme,gold\n'), 422),
  stop(
    'imported',
    '/imports/:id',
    WHO.admin,
    importing('customer,plan,email\nZephyr Mail,premium,zoe@zephyr.example\n'),
  ),
  stop('import of IPs', '/inventory/import', WHO.admin, '/inventory/import'),
  stop(
    'import of IPs, refused',
    'POST /inventory/import',
    WHO.admin,
    importing(`${HOLDINGS}10.0.0.1,us,Nobody,x.example,warming,5,,,free\n`, '/inventory/import'),
    422,
  ),
  stop(
    'IPs imported',
    '/imports/:id',
    WHO.admin,
    importing(
      `${HOLDINGS}198.51.100.77,eu,Tinyco,tinyco.example,active,80000,,2025-04-01,59\n198.51.100.78,us,Tinyco,tinyco.example,warming,1600,50000,2026-11-10,included\n`,
      '/inventory/import',
    ),
  ),
  stop('set up', '/set-up', WHO.admin, '/set-up'),
  stop('settings', '/settings', WHO.admin, '/settings'),
  stop('settings, provider', '/settings/provider', WHO.admin, '/settings/provider'),
  stop(
    'settings, provider wrong',
    'POST /settings/provider',
    WHO.admin,
    way('/settings/provider', fill({ Name: '' }), press('Save')),
    422,
  ),
  stop('settings, mail', '/settings/mail', WHO.admin, '/settings/mail'),
  stop('settings, DNS records', '/settings/records', WHO.admin, '/settings/records'),
  stop('absence', '/absence', WHO.reviewer, '/absence'),
  stop('absence, wrong', 'POST /absence', WHO.reviewer, way('/absence', press('I am away')), 422),
  stop('monthly report', '/report', WHO.reviewer, '/report'),
  stop('settings, chat', '/settings/chat', WHO.admin, '/settings/chat'),
  stop('settings, chat wrong', 'POST /settings/chat', WHO.admin, way('/settings/chat', press('Save')), 422),
  stop(
    'settings, chat set',
    '/settings/chat',
    WHO.admin,
    way('/settings/chat', fill({ Address: 'https://hooks.example/services/T0/B0/x' }), press('Save')),
  ),
  stop('settings, working hours', '/settings/hours', WHO.admin, '/settings/hours'),
  stop(
    'settings, working hours wrong',
    'POST /settings/hours',
    WHO.admin,
    way('/settings/hours', fill({ 'Monday optional': '17-9' }), press('Save')),
    422,
  ),
  stop('settings, policy', '/settings/policy', WHO.admin, '/settings/policy'),
  stop('settings, policy file wrong', 'POST /settings/policy/file', WHO.admin, uploadingPolicy('{"name":"x"}'), 422),
  stop('settings, pools', '/settings/pools', WHO.admin, '/settings/pools'),
  stop(
    'settings, pools wrong',
    'POST /settings/pools/:pool',
    WHO.admin,
    way(
      '/settings/pools',
      (sitter) => sitter.page.locator('textarea').first().fill('nonsense'),
      press('Save shared-us'),
    ),
    422,
  ),
  stop('staff', '/staff', WHO.reviewer, '/staff'),
  stop('staff, to be managed', '/staff', WHO.admin, '/staff'),
  stop('staff, invitation is wrong', 'POST /staff', WHO.admin, way('/staff', press('Send the invitation')), 422),
  stop(
    'somebody’s requests',
    '/staff/:person/assignments',
    WHO.admin,
    way('/staff', follow('Rea Vogt'), follow('Requests assigned to Rea Vogt')),
  ),
  stop(
    'somebody’s requests, nothing ticked',
    'POST /staff/:person/assignments',
    WHO.admin,
    way(
      '/staff',
      follow('Rea Vogt'),
      follow('Requests assigned to Rea Vogt'),
      async (sitter) => {
        for (const box of await sitter.page.locator('main input[type=checkbox]').all()) await box.uncheck();
      },
      press('Save'),
    ),
    422,
  ),
  stop('somebody of the staff', '/staff/:person', WHO.admin, way('/staff', follow('Rea Vogt'))),
  stop('oneself', '/staff/:person', WHO.admin, way('/staff', follow('Ana Ruiz'))),
  stop('settings, allowed addresses', '/settings/addresses', WHO.admin, '/settings/addresses'),
  stop(
    'settings, allowed addresses wrong',
    'POST /settings/addresses/staff',
    WHO.admin,
    way(
      '/settings/addresses',
      fill({ 'Staff may connect from optional': '203.0.113.7/24' }),
      press('Save the list: Staff'),
    ),
    422,
  ),
  stop(
    'allowed addresses',
    '/addresses',
    WHO.acme,
    way('/addresses', fill({ 'Your people may connect from optional': '127.0.0.0/8' }), press('Save')),
  ),
  stop('allowed addresses of a customer', '/customers/:id/addresses', WHO.admin, '/customers/1/addresses'),
  stop('people', '/people', WHO.acme, '/people'),
  stop('people, as a member', '/people', WHO.fernhillMember, '/people'),
  stop('a colleague', '/people/:person', WHO.acme, way('/people', openRow('billing@'))),
  stop('people of a customer', '/customers/:id/people', WHO.admin, '/customers/1/people'),
  stop('somebody of a customer', '/customers/:id/people/:person', WHO.admin, way('/customers/1/people', openRow())),
  stop('audit', '/audit', WHO.reviewer, '/audit'),
  stop(
    'audit of a customer',
    '/audit',
    WHO.reviewer,
    way(shown('WD-1029'), follow('Customer page'), follow('Audit history')),
  ),
];

const faults: readonly Stop[] = [
  stop('no such page', '404', WHO.acme, '/nowhere', 404),
  stop('not mine to see', '404', WHO.acme, '/review', 404),
  stop('from another site', '403', null, fromAnotherSite, 403),
  stop('too large', '413', null, way('/sign-in', postFrom('/sign-in', { email: 'x'.repeat(300_000) })), 413),
];

export const tour: readonly Stop[] = [...signingIn, ...asking, ...following, ...reviewing, ...running, ...faults];
