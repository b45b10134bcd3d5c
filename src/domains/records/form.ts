import { type FormResult, readForm } from '../../form.ts';

/** One or more labels of DNS, as `s1` or `mail.2026`. */
const SELECTOR = /^(?=.{1,63}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
const MOST = 10;

/** Selectors between spaces or commas, in lower case, each once. Undefined where one of them is none, or there are too many. */
export function readSelectors(text: string): string[] | undefined {
  const words = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ];
  return words.length <= MOST && words.every((word) => SELECTOR.test(word)) ? words : undefined;
}

/** The selectors of a domain; none given: those of the provider. */
export function readSelectorForm(body: unknown): FormResult<readonly string[] | null> {
  const form = readForm(body);
  const text = form.text('selectors', { label: 'Selectors', max: 500, required: false });
  const selectors = readSelectors(text);
  if (selectors === undefined)
    form.fail(
      'selectors',
      'Selectors must be up to ten names like s1 or mail2026, with spaces between them: what your DKIM signatures have behind s=.',
    );
  return form.result(() => (selectors === undefined || selectors.length === 0 ? null : selectors));
}
