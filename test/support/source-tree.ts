// What a source file says, read from its syntax tree, so that no way of writing it walks around a rule of the layout.
import { dirname, join, normalize } from 'node:path';
import { type Node, parseSync, Visitor } from 'oxc-parser';

/** Where an `import()` computes what it loads. */
export const COMPUTED = '(computed)';

/** What a file takes from another. `names`: as the other file calls them; `*` where it may be all of them. */
export type Import = {
  readonly from: string;
  readonly names: readonly string[];
  readonly how: 'import' | 're-export' | 'import()';
};

function treeOf(file: string, source: string) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be read`);
  return program;
}

const nameOf = (node: { readonly name: string } | { readonly value: unknown }): string =>
  'name' in node ? node.name : String(node.value);

/** Imports and re-exports of a file, `import()` too; without types unless they are asked for. */
export function importsIn(file: string, source: string, types = false): Import[] {
  const found: Import[] = [];
  const local = new Map<string, { readonly from: string; readonly name: string }>();
  const isMeant = (kind: string | null | undefined) => types || kind !== 'type';
  const add = (from: string, names: readonly string[], how: Import['how']) => {
    if (names.length > 0)
      found.push({ from: from.startsWith('.') ? normalize(join(dirname(file), from)) : from, names, how });
  };
  new Visitor({
    ImportDeclaration({ source: { value: from }, specifiers, importKind }) {
      const names: string[] = [];
      for (const one of isMeant(importKind) ? specifiers : []) {
        if (one.type === 'ImportSpecifier' && !isMeant(one.importKind)) continue;
        const name =
          one.type === 'ImportSpecifier'
            ? nameOf(one.imported)
            : one.type === 'ImportDefaultSpecifier'
              ? 'default'
              : '*';
        names.push(name);
        local.set(one.local.name, { from, name });
      }
      add(from, specifiers.length === 0 ? ['*'] : names, 'import');
    },
    ExportNamedDeclaration({ source: from, specifiers, exportKind }) {
      if (!isMeant(exportKind)) return;
      const meant = specifiers.filter((one) => isMeant(one.exportKind)).map((one) => nameOf(one.local));
      if (from) return add(from.value, meant, 're-export');
      // Imported and exported by two statements, it is handed on all the same.
      for (const one of meant) {
        const other = local.get(one);
        if (other) add(other.from, [other.name], 're-export');
      }
    },
    ExportAllDeclaration({ source: { value: from }, exportKind }) {
      if (isMeant(exportKind)) add(from, ['*'], 're-export');
    },
    ImportExpression({ source: from }) {
      add(from.type === 'Literal' ? String(from.value) : COMPUTED, ['*'], 'import()');
    },
  }).visit(treeOf(file, source));
  return found;
}

/** What may be asked of a database outside stores: to end it, and to hear of its faults. */
const NO_SQL = new Set(['on', 'destroy']);
const HANDLES = new Set(['db', 'trx']);

/** An expression without what only the compiler sees around it. */
function bare(node: Node): Node {
  const wraps = ['ParenthesizedExpression', 'ChainExpression', 'TSNonNullExpression', 'TSAsExpression'];
  wraps.push('TSSatisfiesExpression', 'TSInstantiationExpression', 'TSTypeAssertion');
  return wraps.includes(node.type) && 'expression' in node ? bare(node.expression as Node) : node;
}

/** Whether an expression is a database or a transaction: `db`, `act.trx`, `this.#db`, `deps.db`. */
function isHandle(expression: Node): boolean {
  const node = bare(expression);
  if (node.type === 'Identifier') return HANDLES.has(node.name);
  if (node.type !== 'MemberExpression') return false;
  const { property } = node;
  if ('name' in property) return HANDLES.has(String(property.name));
  return property.type === 'Literal' && HANDLES.has(String(property.value));
}

/**
 * The lines of a file that write or run SQL: a handle that is called, any of its methods but the few of `NO_SQL`, and a
 * handle under another name, which would hide both.
 */
export function queriesIn(file: string, source: string): string[] {
  const found: string[] = [];
  const fail = ({ start, end }: { start: number; end: number }) =>
    found.push(`${file}:${source.slice(0, start).split('\n').length} ${source.slice(start, end).split('\n')[0]}`);
  const isOther = (pattern: Node): boolean =>
    pattern.type === 'ObjectPattern' || (pattern.type === 'Identifier' && !HANDLES.has(pattern.name));
  new Visitor({
    CallExpression(node) {
      if (isHandle(node.callee)) fail(node);
    },
    TaggedTemplateExpression(node) {
      if (isHandle(node.tag)) fail(node);
    },
    MemberExpression(node) {
      const { object, property, computed } = node;
      if (!isHandle(object)) return;
      if (computed || !('name' in property) || !NO_SQL.has(String(property.name))) fail(node);
    },
    VariableDeclarator(node) {
      if (node.init && isHandle(node.init) && isOther(node.id)) fail(node);
    },
    AssignmentExpression(node) {
      if (isHandle(node.right) && !isHandle(node.left)) fail(node);
    },
    // `({ trx: other })`, in a parameter or a declaration.
    ObjectPattern({ properties }) {
      for (const one of properties) {
        if (one.type !== 'Property' || !('name' in one.key) || !HANDLES.has(String(one.key.name))) continue;
        if (isOther(one.value.type === 'AssignmentPattern' ? one.value.left : one.value)) fail(one);
      }
    },
    // `(other: Db)`.
    TSTypeAnnotation({ start, end }) {
      if (!/^:\s*(Db|Knex(\.\w+)?)$/.test(source.slice(start, end))) return;
      const name = /([\w$#]+)\??\s*(?:: *Db)?$/.exec(source.slice(0, start))?.[1] ?? '';
      if (!HANDLES.has(name.replace('#', '')) && !/\)\s*$/.test(source.slice(0, start))) fail({ start, end });
    },
  }).visit(treeOf(file, source));
  return found;
}

/** The lines of a file that begin a transaction, whatever the database is called there. */
export function transactionsIn(file: string, source: string): string[] {
  const found: string[] = [];
  const says = (key: Node): boolean =>
    ('name' in key && key.name === 'transaction') || (key.type === 'Literal' && key.value === 'transaction');
  const look = (key: Node) => {
    if (says(key)) found.push(`${file}:${source.slice(0, key.start).split('\n').length}`);
  };
  new Visitor({
    MemberExpression: ({ property }) => look(property),
    ObjectPattern({ properties }) {
      for (const one of properties) if (one.type === 'Property') look(one.key);
    },
  }).visit(treeOf(file, source));
  return found;
}

const WRITES =
  /\.\s*(insert|update|delete|del|increment|decrement|merge|truncate|upsert|batchInsert)\s*\(|\b(insert into|delete from|update \S+ set)\b/;

/** The exported functions of a store that write, by themselves or by what they call in the same file or take from `others`. */
export function writersIn(file: string, source: string, others: (from: Import) => readonly string[]): Set<string> {
  const bodies = new Map<string, string>();
  for (const statement of treeOf(file, source).body) {
    const inner =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    const text = source.slice(statement.start, statement.end);
    if ((inner.type === 'FunctionDeclaration' || inner.type === 'ClassDeclaration') && inner.id)
      bodies.set(inner.id.name, text);
    if (inner.type === 'VariableDeclaration')
      for (const one of inner.declarations) if (one.id.type === 'Identifier') bodies.set(one.id.name, text);
  }
  const writers = new Set(importsIn(file, source).flatMap(others));
  for (const [name, text] of bodies) if (WRITES.test(text)) writers.add(name);
  for (let before = -1; before !== writers.size; ) {
    before = writers.size;
    for (const [name, text] of bodies)
      if ([...writers].some((one) => new RegExp(`\\b${one}\\b`).test(text))) writers.add(name);
  }
  return writers;
}

/** Functions with more parameters than four: of every form, named or not, in classes and types too. */
export function wideFunctions(file: string, source: string): string[] {
  const found: string[] = [];
  const look = ({ params, start }: { params: unknown; start: number }): void => {
    const all = Array.isArray(params) ? params : [];
    if (all.length > 4) found.push(`${file}:${source.slice(0, start).split('\n').length}`);
  };
  new Visitor({
    FunctionDeclaration: look,
    FunctionExpression: look,
    ArrowFunctionExpression: look,
    TSDeclareFunction: look,
    TSEmptyBodyFunctionExpression: look,
    TSFunctionType: look,
    TSConstructorType: look,
    TSMethodSignature: look,
    TSCallSignatureDeclaration: look,
    TSConstructSignatureDeclaration: look,
  }).visit(treeOf(file, source));
  return found;
}
