// What we use of html-to-text, which comes without types.
declare module 'html-to-text' {
  type Options = {
    readonly wordwrap: false;
    readonly limits: { readonly maxInputLength: number; readonly maxDepth: number };
    readonly selectors: readonly { selector: string; format?: string; options?: Readonly<Record<string, boolean>> }[];
  };
  export function convert(html: string, options: Options): string;
}
