import { type FormResult, readForm } from '../form.ts';
import type { ProviderSetting } from './provider.ts';

/** The provider's name and colour; without a colour Warmdesk's own is used. */
export function readProvider(body: unknown): FormResult<ProviderSetting> {
  const form = readForm(body);
  const name = form.name('name', { label: 'Name', max: 60 });
  const colour = form.text('colour', { label: 'Colour', max: 20, required: false }).toLowerCase();
  if (colour !== '' && !/^#[0-9a-f]{6}$/.test(colour))
    form.fail('colour', 'Colour must be six hexadecimal digits behind a #, like #1f5fd6.');
  return form.result(() => ({ name, colour: colour === '' ? null : colour }));
}
