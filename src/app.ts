import express, { type Express } from 'express';
import { can, type Permission } from './accounts/permissions.ts';
import type { Person } from './accounts/person.ts';
import { accountRoutes } from './accounts/routes.ts';
import { sessions } from './accounts/session/session.ts';
import { auditRoutes } from './audit/routes.ts';
import { chargeRoutes } from './charges/routes.ts';
import type { Deps } from './deps.ts';
import { pendingRoutes } from './domains/pending/routes.ts';
import { domainRoutes } from './domains/routes.ts';
import { standingRoutes } from './domains/standing/routes.ts';
import { healthRoutes } from './health.ts';
import { importRoutes } from './imports/routes.ts';
import { quarantineRoutes } from './inbound/quarantine/routes.ts';
import { ipRoutes } from './ips/routes.ts';
import { mailSettings } from './mail.ts';
import { notes } from './notes.ts';
import { mailPreferenceRoutes } from './notifications/preferences/routes.ts';
import { mailRoutes } from './notifications/routes.ts';
import { policyRoutes } from './policy/routes.ts';
import { ownPoolRoutes } from './pools/routes.ts';
import { keepRejected } from './rejected/actions.ts';
import { rejectedRoutes } from './rejected/routes.ts';
import { releaseRoutes } from './release/routes.ts';
import { reputationRoutes } from './reputation/routes.ts';
import { domainRemovalRoutes } from './requests/domains/routes.ts';
import { domainUseRoutes } from './requests/domains/routes-use.ts';
import { requestRoutes } from './requests/routes.ts';
import { useRoutes } from './requests/use/routes.ts';
import { routingRoutes } from './routing/routes.ts';
import { sendingRoutes } from './sending/routes.ts';
import { setupRoutes } from './setup/routes.ts';
import { subuserRoutes } from './subusers/routes.ts';
import { mailSystems, ofSystems } from './systems/bearer.ts';
import { systemRoutes } from './systems/routes.ts';
import { customerStepRoutes } from './warmup/customer/routes.ts';
import { warmupRoutes } from './warmup/routes.ts';
import { warmupStepRoutes } from './warmup/staff/routes.ts';
import { mountAssets } from './web/assets.ts';
import { refuseCrossSite } from './web/csrf.ts';
import { errorPage, FOR_PROGRAMS, notFound } from './web/errors.ts';
import { pages } from './web/page.ts';
import { requestLog } from './web/request-log.ts';
import { mount, type Route } from './web/router.ts';
import {
  answerAsterisk,
  neverCached,
  refuseEncodedBodies,
  refuseOtherCharsets,
  securityHeaders,
} from './web/security.ts';

/** Every route of the site, in the order in which they are tried. */
export function allRoutes(deps: Deps): Route[] {
  return [
    ...healthRoutes(deps),
    ...accountRoutes(deps),
    ...importRoutes(deps),
    ...requestRoutes(deps),
    ...pendingRoutes(deps),
    ...domainRoutes(deps),
    ...standingRoutes(deps),
    ...domainRemovalRoutes(deps),
    ...domainUseRoutes(deps),
    ...ipRoutes(deps),
    ...subuserRoutes(deps),
    ...ownPoolRoutes(deps),
    ...chargeRoutes(deps),
    ...releaseRoutes(deps),
    ...useRoutes(deps),
    ...warmupRoutes(deps),
    ...sendingRoutes(deps),
    ...reputationRoutes(deps),
    ...systemRoutes(deps),
    ...warmupStepRoutes(deps),
    ...customerStepRoutes(deps),
    ...routingRoutes(deps),
    ...policyRoutes(deps),
    ...mailRoutes(deps, mailSettings(deps)),
    ...quarantineRoutes(deps),
    ...mailPreferenceRoutes(deps),
    ...auditRoutes(deps),
    ...rejectedRoutes(deps),
    ...setupRoutes(deps),
  ];
}

/** The whole application in reading order; tests build this same one. */
export function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Pages are never kept by a browser, so a mark to recognise them by is work for nothing; files have their own.
  app.disable('etag');
  app.set('trust proxy', deps.config.trustProxy);
  app.set('query parser', 'simple');
  app.use(requestLog(deps.log), answerAsterisk);
  app.use(securityHeaders(deps.config.baseUrl.startsWith('https:')));
  const { now } = deps;
  app.use(
    pages({
      provider: () => deps.provider,
      signInWith: deps.config.openId?.label ?? null,
      now,
      nav: (person) => navigation(person, deps.isSettingUp),
      notes,
      keepRejected: (person, status, html) =>
        keepRejected(deps.db, { person, status, html }, now()).catch((err) => {
          deps.log.error({ err, person: person.id }, 'could not keep a rejected page');
          return null;
        }),
    }),
  );
  mountAssets(app);
  app.use(neverCached, refuseCrossSite(deps.config.baseUrl), refuseEncodedBodies, refuseOtherCharsets);
  app.use([...FOR_PROGRAMS], mailSystems(deps), ofSystems(express.json({ inflate: false, limit: '4mb' })));
  // An account may tick thousands of domains; what bounds a form is its size.
  app.use(express.urlencoded({ extended: false, inflate: false, limit: '256kb', parameterLimit: 20_000 }));
  app.use(sessions(deps));
  mount(app, allRoutes(deps));
  app.use(notFound, errorPage(deps.log));
  return app;
}

const NAVIGATION: readonly { href: string; label: string; may: Permission }[] = [
  { href: '/set-up', label: 'Set up', may: 'set up' },
  { href: '/review', label: 'Queue', may: 'review requests' },
  { href: '/', label: 'Home', may: 'see own account' },
  { href: '/domains', label: 'Domains', may: 'see own account' },
  { href: '/requests', label: 'Requests', may: 'see own account' },
  { href: '/ips', label: 'IPs', may: 'see own account' },
  { href: '/subusers', label: 'Subusers', may: 'see subusers' },
  { href: '/customers', label: 'Customers', may: 'see customers' },
  { href: '/inventory', label: 'Inventory', may: 'see inventory' },
  { href: '/pools', label: 'Pools', may: 'see inventory' },
  { href: '/ledger', label: 'Ledger', may: 'keep charges' },
  { href: '/warm-ups', label: 'Warm-ups', may: 'run warm-ups' },
  { href: '/mail', label: 'Mail', may: 'see mail' },
  { href: '/sending/upload', label: 'Upload counts', may: 'report sending' },
  { href: '/mail-systems', label: 'Mail systems', may: 'manage mail systems' },
  { href: '/audit', label: 'Audit', may: 'see audit' },
  { href: '/staff', label: 'Staff', may: 'see staff' },
  { href: '/settings', label: 'Settings', may: 'set up' },
  { href: '/sending', label: 'Sending', may: 'see own account' },
  { href: '/charges', label: 'Charges', may: 'see own charges' },
  { href: '/people', label: 'People', may: 'see own account' },
  { href: '/history', label: 'History', may: 'see account history' },
];

/** What somebody may open; the Set up page only while it has something left to do. */
const navigation = (person: Person | null, isSettingUp: boolean) =>
  NAVIGATION.filter((item) => can(person, item.may) && (isSettingUp || item.href !== '/set-up'));
