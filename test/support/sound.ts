// What must be so on every page, whatever it shows. Visitor asks it of each page that it gets.

/** What is wrong with a page; none: nothing that can be told from its HTML alone. */
export function faultsOf(html: string): string[] {
  return [
    ...onlyOnce(html),
    ...unlabelled(html),
    ...strayWords(html),
    ...formsToNowhere(html),
    ...doubleIds(html),
    ...inlineCode(html),
  ];
}

const tags = (html: string, name: string): string[] => html.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];
const attribute = (tag: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];

function onlyOnce(html: string): string[] {
  const headings = tags(html, 'h1').length;
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1]?.trim() ?? '';
  return [
    ...(headings === 1 ? [] : [`it has ${headings} headings of the first rank`]),
    ...(title === '' || title.startsWith('·') ? ['it has no title'] : []),
    ...(tags(html, 'main').length === 1 ? [] : ['it has not one main part']),
  ];
}

function unlabelled(html: string): string[] {
  const labels = new Set(tags(html, 'label').map((label) => attribute(label, 'for')));
  const inLabels = (html.match(/<label\b[\s\S]*?<\/label>/g) ?? []).join('');
  const controls = ['input', 'select', 'textarea'].flatMap((name) => tags(html, name));
  return controls
    .filter((control) => !['hidden', 'submit'].includes(attribute(control, 'type') ?? ''))
    .filter((control) => !labels.has(attribute(control, 'id')) && !inLabels.includes(control))
    .map((control) => `nothing says what ${control} is`);
}

/** What a program writes where it has nothing to say. */
function strayWords(html: string): string[] {
  const stray = /\bundefined\b|\bNaN\b|\[object |Invalid Date|\bInfinity\b|<%/g;
  return (html.match(stray) ?? []).map((word) => `it says ${word}`);
}

function formsToNowhere(html: string): string[] {
  return tags(html, 'form')
    .filter((form) => !attribute(form, 'action')?.startsWith('/') || attribute(form, 'action')?.startsWith('//'))
    .map((form) => `${form} goes nowhere`);
}

function doubleIds(html: string): string[] {
  const ids = [...html.matchAll(/<[a-z][^>]* id="([^"]*)"/g)].map(([, id]) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is there twice`);
}

function inlineCode(html: string): string[] {
  const inline = /<script(?![^>]*\bsrc=)|<style|<[a-z][^>]*\s(?:style|on[a-z]+)=|href="javascript:/i;
  return inline.test(html) ? ['it has inline code or styles'] : [];
}
