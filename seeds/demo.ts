import type { Deps } from '../src/deps.ts';

export async function seedDemo(_deps: Deps): Promise<boolean> {
  return false;
}
