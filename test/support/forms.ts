// The forms of a page, as somebody sees them who fills them in.

export type Control = {
  readonly name: string;
  readonly kind: string;
  /** What it holds, or may hold where somebody chooses. */
  readonly values: readonly string[];
  readonly chosen: readonly string[];
};

export type PageForm = {
  readonly action: string;
  /** Sent with a file. */
  readonly hasFile: boolean;
  readonly controls: readonly Control[];
  /** What its buttons say: the last one is for going on. */
  readonly buttons: readonly { readonly name: string; readonly value: string }[];
};

/** Every form of a page that is posted. */
export function formsOf(html: string): PageForm[] {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  return forms.flatMap((form) => {
    const tag = /<form\b[^>]*>/.exec(form)?.[0] ?? '';
    if (attribute(tag, 'method') !== 'post') return [];
    const buttons = tags(form, 'button').flatMap((button) => {
      const name = attribute(button, 'name');
      return name === undefined ? [] : [{ name, value: attribute(button, 'value') ?? '' }];
    });
    const controls = together([...inputsOf(form), ...textsOf(form), ...selectsOf(form)]);
    const hasFile = controls.some(({ kind }) => kind === 'file');
    return [{ action: attribute(tag, 'action') ?? '', hasFile, controls, buttons }];
  });
}

const tags = (html: string, name: string): string[] => html.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : resolved(found);
};

const SIGNS: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&#34;': '"', '&#39;': "'", '&amp;': '&' };
const resolved = (text: string): string => text.replace(/&(?:lt|gt|#34|#39|amp);/g, (sign) => SIGNS[sign] ?? sign);

const inputsOf = (form: string): Control[] =>
  tags(form, 'input')
    .filter((tag) => !/ disabled/.test(tag))
    .map((tag) => {
      const kind = attribute(tag, 'type') ?? 'text';
      const value = attribute(tag, 'value') ?? '';
      const isLeft = ['radio', 'checkbox'].includes(kind) && !/ checked/.test(tag);
      return { name: attribute(tag, 'name') ?? '', kind, values: [value], chosen: isLeft ? [] : [value] };
    });

const textsOf = (form: string): Control[] =>
  [...form.matchAll(/(<textarea\b[^>]*>)\n?([\s\S]*?)<\/textarea>/g)].map(([, tag = '', text = '']) => ({
    ...{ name: attribute(tag, 'name') ?? '', kind: 'textarea' },
    ...{ values: [resolved(text)], chosen: [resolved(text)] },
  }));

const selectsOf = (form: string): Control[] =>
  [...form.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)].map(([, tag = '', inside = '']) => {
    const options = tags(inside, 'option').filter((option) => !/ disabled/.test(option));
    const chosen = options.filter((option) => / selected/.test(option));
    const valuesOf = (some: string[]) => some.map((option) => attribute(option, 'value') ?? '');
    return {
      ...{ name: attribute(tag, 'name') ?? '', kind: 'select' },
      ...{ values: valuesOf(options), chosen: valuesOf(chosen.length > 0 ? chosen : options.slice(0, 1)) },
    };
  });

/** Radios and checkboxes of one name, hidden fields of one name: one control each. */
const together = (controls: readonly Control[]): Control[] =>
  [...Map.groupBy(controls, ({ name, kind }) => `${kind} ${name}`).values()].flatMap((some) => {
    const [first] = some;
    if (!first || first.name === '') return [];
    const chosen = some.flatMap((one) => one.chosen);
    return [{ ...first, values: some.flatMap((one) => one.values), chosen }];
  });
