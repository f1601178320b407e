// Reading: pages of a list, and parts of an object brought along (`expand`).
import type { Call } from './fault.ts';
import type { Shelf } from './books.ts';

type Row = { id: string; object: string; created?: number };
type Range = { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined };
type Query = {
  limit?: number | undefined;
  starting_after?: string | undefined;
  created?: number | Range | undefined;
  expand?: string[] | undefined;
};

export function listed(call: Call, all: readonly Row[], query: Query, url: string): Record<string, unknown> {
  const rows = all.filter((one) => within(one.created ?? 0, query.created)).toReversed();
  const start = query.starting_after === undefined ? 0 : rows.findIndex((one) => one.id === query.starting_after) + 1;
  const page = rows.slice(start, start + (query.limit ?? 10));
  const parts = (query.expand ?? []).map((path) => path.replace(/^data\./, ''));
  return {
    object: 'list',
    data: page.map((one) => expanded(call, one, parts)),
    has_more: start + page.length < rows.length,
    url,
  };
}

function within(at: number, range: Query['created']): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return at === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return at > gt && at >= gte && at < lt && at <= lte;
}

export function expanded(
  { books, account, parts }: Call,
  row: object,
  paths: readonly string[],
): Record<string, unknown> {
  const copy = structuredClone(row) as Record<string, unknown>;
  for (const path of parts.expands ? paths : []) expandOne(books.shelf(account), copy, path.split('.'));
  return copy;
}

function expandOne(shelf: Shelf, into: Record<string, unknown>, [part, ...rest]: string[]): void {
  if (part === undefined) return;
  const named = into[part];
  if (typeof named === 'string') into[part] = structuredClone(byId(shelf, named) ?? named);
  const inner = into[part];
  if (typeof inner === 'object' && inner !== null) expandOne(shelf, inner as Record<string, unknown>, rest);
}

function byId(shelf: Shelf, id: string): object | undefined {
  const { intents, charges, refunds, disputes, payouts, movements } = shelf;
  return [...intents, ...charges, ...refunds, ...disputes, ...payouts, ...movements].find((one) => one.id === id);
}
