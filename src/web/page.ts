import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ejs, { type TemplateFunction } from 'ejs';
import type { RequestHandler } from 'express';
import type { Person } from '../accounts/person.ts';
import { assetVersion } from './assets.ts';
import { type ViewHelpers, viewHelpers } from './view-helpers.ts';

/** What each view needs; every slice adds its own views (`declare module`). All have a title. */
export interface Views {
  'errors/error': {
    title: string;
    status: number;
    explanation: string;
    next: string;
    reference: string;
  };
}

export type NavItem = {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
  readonly count?: number;
};

export type Page = {
  readonly title: string;
  readonly person: Person | null;
  readonly path: string;
  readonly nav: readonly NavItem[];
  readonly flash: string | null;
  readonly requestId: string;
  readonly provider: string;
  /** The address of the provider's logo and of its colours; null: Warmdesk's own. */
  readonly logo: string | null;
  readonly colours: string | null;
  /** Changes when a stylesheet or script does, so that no browser shows an old one. */
  readonly assets: string;
  /** What the OpenID provider is called; null: there is none. */
  readonly signInWith: string | null;
  /** null: as the system has it. */
  readonly theme: 'light' | 'dark' | null;
};

declare module 'ejs' {
  interface Options {
    /** Takes the locals as they are, instead of copying them for each template. */
    unsafePrototypeLocals?: boolean;
  }
}

declare global {
  namespace Express {
    interface Request {
      person: Person | null;
      /** The program whose token came along. */
      mailSystem: { readonly id: number; readonly name: string } | null;
      /** S-27: who comes with a session or a password from where they are not let in (`person`, where it is known). */
      outsider: { readonly person: number | null } | null;
      requestId: string;
    }
    interface Response {
      /** Answers with a view inside the layout. Status 200 unless said otherwise. */
      page<V extends keyof Views>(view: V, data: Views[V], status?: number): void;
    }
  }
}

const ROOT = fileURLToPath(new URL('../../views/', import.meta.url));
const compiled = new Map<string, TemplateFunction>();

/** Compiles each template once. `name` is a path below views, without ending. */
function template(name: string): TemplateFunction {
  let found = compiled.get(name);
  if (!found) {
    const filename = join(ROOT, `${name}.ejs`);
    // The locals come from `render` alone, which gives them no prototype but each other.
    found = ejs.compile(readFileSync(filename, 'utf8'), { filename, unsafePrototypeLocals: true });
    compiled.set(name, found);
  }
  return found;
}

type Locals = Record<string, unknown>;

/**
 * One template filled with `data`, outside any layout (mails, parts in tests). What it includes (`/parts/icon`) sees
 * its locals too; it sees them through the prototype, as copying them took longer than filling most parts.
 */
export const render = (name: string, data: Locals): string => fill(name, data, null);

function fill(name: string, data: Locals | undefined, around: Locals | null): string {
  const locals: Locals = Object.assign(Object.create(around), data);
  locals.include = (path: string, given?: Locals) => fill(path.slice(1), given, locals);
  return template(name)(locals);
}

export type PageSettings = {
  readonly provider: () => {
    readonly name: string;
    readonly colour: string | null;
    readonly logo: { readonly version: string } | null;
  };
  readonly signInWith: string | null;
  readonly now: () => number;
  readonly nav: (person: Person | null) => readonly { readonly href: string; readonly label: string }[];
  /** The sentence for a `?note=` in the address: what was just done. */
  readonly notes: Readonly<Record<string, string>>;
  /** Keeps the page that answers somebody's rejected form. Returns the path at which it can be loaded; null: it could not be kept. */
  readonly keepRejected: (person: Person, status: number, html: string) => Promise<string | null>;
};

/** Returns every response its `page`. */
export function pages(settings: PageSettings): RequestHandler {
  return (req, res, next) => {
    res.page = (view, data, status = 200) => {
      const h: ViewHelpers = viewHelpers(req.person?.timeZone ?? 'UTC', settings.now());
      const locals = { h, page: pageOf(settings, req, data.title) };
      const body = render(view, { ...data, ...locals });
      const html = render('layout', { body, ...locals });
      const send = () => void res.status(status).type('html').send(html);
      if (!req.person || SECRET.has(view) || !leavesHistory(req, view, status)) return send();
      settings
        .keepRejected(req.person, status, html)
        .then((path) => (path === null ? send() : res.redirect(303, path)))
        .catch(next);
    };
    next();
  };
}

/** Pages that show a secret also where they say that something was wrong: they are kept nowhere. */
const SECRET: ReadonlySet<string> = new Set<keyof Views>(['second-factor/enrolment']);

/**
 * Whether an answer to a form would stay in a browser's history as something to be sent again (Post/Redirect/Get). Programs
 * have no history; what answers 200 may show a secret, which is said once and kept nowhere.
 */
const leavesHistory = (req: Parameters<RequestHandler>[0], view: string, status: number): boolean =>
  req.method === 'POST' &&
  ((status >= 400 && status < 500) || RESULTS.has(view)) &&
  req.get('sec-fetch-dest') === 'document';

/** Pages that say row by row what became of a form, or have a text in one, and show no secret. */
const RESULTS: ReadonlySet<string> = new Set<keyof Views>(['review/bulk-done', 'review/show']);

function pageOf(settings: PageSettings, req: Parameters<RequestHandler>[0], title: string): Page {
  const note = req.query.note;
  const { name, colour, logo } = settings.provider();
  return {
    title,
    person: req.person,
    path: req.path,
    nav: settings.nav(req.person).map((item) => ({ ...item, current: isBelow(req.path, item.href) })),
    flash: typeof note === 'string' && Object.hasOwn(settings.notes, note) ? (settings.notes[note] ?? null) : null,
    requestId: req.requestId,
    provider: name,
    logo: logo && `/provider/logo?v=${logo.version}`,
    colours: colour && `/provider/colours.css?v=${colour.slice(1)}`,
    assets: assetVersion,
    signInWith: settings.signInWith,
    theme: null,
  };
}

const isBelow = (path: string, href: string): boolean => path === href || (href !== '/' && path.startsWith(`${href}/`));
