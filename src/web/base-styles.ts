// The rules of a large stylesheet that pages can need: those of which each class is a word of the views or scripts. Pure.

/** A rule, or what stands alone, like `@charset`; `body` without its braces. */
type Rule = { readonly head: string; readonly body?: string };

const GROUPS = /^@(media|supports|layer|container)/;
const QUOTED_OR_MARK = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]/g;

/** The rules of `css` (minified, without nesting) that can apply where `words` are all names that pages are made of. */
export function usedRules(css: string, words: ReadonlySet<string>): string {
  let used = '';
  for (const { head, body } of rulesOf(css.replace(/\/\*.*?\*\//gs, ''))) {
    if (body === undefined) used += `${head};`;
    else if (GROUPS.test(head)) used += within(head, usedRules(body, words));
    else if (head.startsWith('@')) used += `${head}{${body}}`;
    else used += within(usedSelectors(head, words), body);
  }
  return used;
}

const within = (head: string, body: string): string => (head === '' || body === '' ? '' : `${head}{${body}}`);

function rulesOf(css: string): Rule[] {
  const rules: Rule[] = [];
  let [from, opened, depth] = [0, 0, 0];
  for (const { 0: mark, index } of css.matchAll(QUOTED_OR_MARK)) {
    if (mark === '{') {
      if (depth === 0) opened = index;
      depth += 1;
    } else if (mark === '}') {
      depth -= 1;
      if (depth > 0) continue;
      rules.push({ head: css.slice(from, opened).trim(), body: css.slice(opened + 1, index) });
      from = index + 1;
    } else if (mark === ';' && depth === 0) {
      rules.push({ head: css.slice(from, index).trim() });
      from = index + 1;
    }
  }
  return rules;
}

/** Of a list of selectors those that can match. */
const usedSelectors = (list: string, words: ReadonlySet<string>): string =>
  selectorsOf(list)
    .filter((selector) => classesOf(selector).every((name) => words.has(name)))
    .join(',');

function selectorsOf(list: string): string[] {
  const selectors: string[] = [];
  let [from, depth] = [0, 0];
  for (const { 0: mark, index } of list.matchAll(/[(),[\]]/g)) {
    if (mark === '(' || mark === '[') depth += 1;
    else if (mark !== ',') depth -= 1;
    else if (depth === 0) {
      selectors.push(list.slice(from, index));
      from = index + 1;
    }
  }
  return [...selectors, list.slice(from)];
}

/** The classes that an element has to have; what is in brackets may also be said of one that lacks them. */
function classesOf(selector: string): string[] {
  let bare = selector.replace(/\[[^\]]*\]/g, '');
  while (/\([^()]*\)/.test(bare)) bare = bare.replace(/\([^()]*\)/g, '');
  return [...bare.matchAll(/\.((?:\\.|[\w-])+)/g)].map(([, name = '']) => name.replaceAll('\\', ''));
}
