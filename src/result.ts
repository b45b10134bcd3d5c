/** What an action returns: its value, or the one problem that kept it from happening. */
export type Result<T, P> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: P };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const refused = <P>(problem: P): { readonly ok: false; readonly problem: P } => ({ ok: false, problem });

/** Returns up the running act: all that it wrote is rolled back, and `problem` becomes its result. */
export type Refuse<P> = (problem: P) => never;
