/** Reading at Stripe: one object by its name, or a list to its end. */
import type Stripe from 'stripe';
import type { z } from 'zod';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { type Client, trouble } from './client.ts';
import { pageOf } from './wire.ts';

/** `unknown`: no clear answer, nothing follows from it. */
export type Found<T> = T | 'absent' | 'unknown';

type From = { readonly client: Client; readonly account: MerchantAccount | null };

/** Throws `ChannelTrouble` when Stripe puts us off or does not let us read. */
export async function readOne<Shape extends z.ZodType>(
  { client, account }: From,
  what: string,
  shape: Shape,
  run: (sdk: Stripe, request: Stripe.RequestOptions) => Promise<unknown>,
): Promise<Found<z.output<Shape>>> {
  const reply = await client.call(what, { account }, shape, run);
  if (reply.kind === 'answered') return reply.value;
  if (reply.kind === 'unclear') return 'unknown';
  if (reply.status === 404 || reply.code === 'resource_missing') return 'absent';
  throw trouble(what, `${reply.status} ${reply.code}`, false);
}

const PAGE = 100;
/** Beyond so many pages a list is not read to its end, and nothing is concluded from it. */
const PAGES_MAX = 50;

export type ListQuery = { readonly limit: number; readonly starting_after?: string };

/** Newest first, as Stripe lists; ends early where `until` says so. 'unknown' when it did not come whole. */
export async function readList<Shape extends z.ZodType<{ id: string }>>(
  from: From,
  what: string,
  shape: Shape,
  list: (sdk: Stripe, query: ListQuery, request: Stripe.RequestOptions) => Promise<unknown>,
  until: (one: z.output<Shape>) => boolean = () => false,
): Promise<readonly z.output<Shape>[] | 'unknown'> {
  const all: z.output<Shape>[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const after = all.at(-1)?.id;
    const query = { limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) };
    const found = await readOne(from, what, pageOf(shape), (sdk, request) => list(sdk, query, request));
    if (typeof found === 'string') return 'unknown';
    all.push(...found.data);
    if (!found.has_more || found.data.length === 0 || found.data.some(until)) return all;
  }
  return 'unknown';
}
