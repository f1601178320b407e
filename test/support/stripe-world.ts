// The money's world with a Stripe behind its pay link. Events are carried by hand, so that a test decides when, in which order and how
// often they come; at the end the books of both sides are laid side by side.
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished } from 'vitest';
import type { RawNotice } from '../../src/ports/payment-channel.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import { linesOf, verifyStore } from '../../src/store/verify/verify.ts';
import { startFakeStripe } from './stripe/fake.ts';
import type { FakeEvent } from './stripe/objects.ts';
import { type Engine, openWorld, START } from './world.ts';

export type StripeWorld = Awaited<ReturnType<typeof openStripeWorld>>;

type Options = { readonly engine?: Engine; readonly members?: number; readonly accounts?: 'market' | 'shops' };

export async function openStripeWorld({ engine = 'sqlite', members = 1, accounts = 'market' }: Options = {}) {
  const clock = { at: START, now: (): number => clock.at };
  const fake = await startFakeStripe({ clock });
  const { url: apiBase, secretKey, webhookSecret } = fake;
  const settings = { apiBase, secretKey, webhookSecrets: [webhookSecret], accounts, timeoutMs: 2_000 } as const;
  const world = await openWorld({ engine, members, clock, stripe: settings });
  onTestFinished(async () => {
    await world.close();
    await fake.close();
  });
  const { core, deps, store } = world;

  /** Opens the pay link; answers the session it leads to. */
  const openBill = async (order: Pick<Order, 'payToken'>): Promise<string> => {
    const opened = await core.openCheckout({ payToken: order.payToken, returnBase: deps.settings.publicUrl });
    if (!opened.ok || opened.value.kind !== 'redirect') throw new Error(`no way to pay: ${JSON.stringify(opened)}`);
    return opened.value.url.split('/').at(-1) ?? '';
  };
  const noticeOf = (body: string, at = clock.at): RawNotice => ({
    body: Buffer.from(body),
    headers: { 'stripe-signature': fake.header(body, at) },
    receivedAt: clock.at,
  });
  const carry = (event: FakeEvent) => core.onProviderNotice('stripe', noticeOf(JSON.stringify(event)));
  const carried = new Set<string>();
  const fresh = () => fake.events().filter((event) => !carried.has(event.id));
  const deliver = async (arrange = (events: FakeEvent[]) => events) => {
    const events = fresh();
    for (const event of events) carried.add(event.id);
    for (const event of arrange(events)) await carry(event);
  };
  const settle = async () => {
    for (let round = 1; round <= 3; round += 1) {
      fake.tick();
      await deliver();
      await core.sweep();
      await world.work();
    }
  };
  const pass = async (ms: number) => {
    clock.at += ms;
    await settle();
  };
  const paidFor = async (orderId: string): Promise<string> => {
    const [capture] = (await world.money(orderId)).captures;
    if (!capture) throw new Error('no money came');
    return capture.channelRef;
  };
  const cases = () => store.read((reads) => reads.payments.cases(world.communityId, 100));

  /** How many rows each table has. */
  const rows = (): Record<string, unknown> => {
    const file = new DatabaseSync(world.file, { readOnly: true });
    try {
      const tables = file.prepare("select name from sqlite_master where type = 'table' order by name").all();
      return Object.fromEntries(
        tables.map(({ name }) => [
          String(name),
          file.prepare(`select count(*) as rows from "${String(name)}"`).get()?.['rows'],
        ]),
      );
    } finally {
      file.close();
    }
  };

  /** The database holds every invariant, Stripe charged nothing twice, and its balance is what our journal says it is. */
  const prove = async () => {
    const report = await verifyStore(store, deps.vault);
    const broken = report.results.filter((one) => one.weight === 'must' && one.broken.length > 0);
    if (broken.length > 0) throw new Error(`verify: ${broken.flatMap(linesOf).join('\n')}`);
    fake.books.audit();
    const ours = await world.balances();
    const [account] = (await store.read((reads) => reads.people.merchantAccounts(world.shop.id))).filter(
      (one) => one.channel === 'stripe',
    );
    const theirs = fake.books.balance(accounts === 'market' ? '' : (account?.accountRef ?? ''));
    expect({ channel: ours['stripe.channel'] ?? 0 }).toEqual({ channel: theirs['myr'] ?? 0 });
  };
  return {
    ...world,
    ...{ fake, openBill, noticeOf, carry, fresh, deliver, settle, pass, paidFor, cases, rows, prove },
  };
}
