/**
 * A seller opens the shop's own account at a channel: our link leads to a page of ours, which sends on to the channel's. What becomes of
 * the account is learned from its notices, from the way back, and by asking.
 */
import { fail, ok, type Result } from '../../domain/faults.ts';
import type { ChannelAccount } from '../../ports/channel-account.ts';
import type { Core, Onboarding } from '../../ports/core.ts';
import { ChannelTrouble, type Channels, type PaymentChannel } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { AccountOpening, Shop } from '../../ports/store/people.ts';
import { pollAfter } from './apply-truth.ts';
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { notifyShop } from '../tell.ts';
import type { When } from '../timeline.ts';

const LINK_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const TOKEN = /^([\w-]{10,64})\.([0-9a-z]{6,12})\.([\w-]{20,128})$/;

export const onboardingChannel = (channels: Channels): PaymentChannel | undefined =>
  [...channels.values()].find((one) => one.capabilities.onboarding === true);

/** Whoever has it may go on for this shop: it is shown to its seller alone, and not for long. */
export function onboardingToken({ vault }: Pick<Deps, 'vault'>, shopId: string, now: number): string {
  const signed = `${shopId}.${(now + LINK_MS).toString(36)}`;
  return `${signed}.${vault.digest('connect', signed)}`;
}

function shopIdOf({ vault, clock }: Pick<Deps, 'vault' | 'clock'>, token: string): string | undefined {
  const [, shopId = '', until = '', seal = ''] = TOKEN.exec(token) ?? [];
  // Digests are compared, so that the time it takes tells nothing of the seal.
  const right = vault.digest('connect', vault.digest('connect', `${shopId}.${until}`));
  const same = vault.digest('connect', seal) === right;
  return same && Number.parseInt(until, 36) > clock.now() ? shopId : undefined;
}

type Subject = { readonly shop: Shop; readonly channel: PaymentChannel; readonly opening: AccountOpening | undefined };

async function subjectOf(deps: Deps, token: string): Promise<Subject | undefined> {
  const shopId = shopIdOf(deps, token);
  const channel = onboardingChannel(deps.channels);
  if (shopId === undefined || !channel) return undefined;
  return deps.store.read(async (reads) => {
    const shop = await reads.people.shop(shopId);
    const openings = await reads.people.accountOpenings(shopId);
    return shop && { shop, channel, opening: openings.find((one) => one.channel === channel.code) };
  });
}

/** What the page shows to whoever holds the link. */
async function onboarding(deps: Deps, token: string): Promise<Result<Onboarding>> {
  const subject = await subjectOf(deps, token);
  if (!subject) return fail('not_found');
  const { shop, opening } = subject;
  const owner = await deps.store.read((reads) => reads.people.preferences(shop.ownerId));
  const { state = 'none', wants = [] } = opening ?? {};
  return ok({ shopName: shop.name, locale: owner?.locale ?? 'en', state, wants });
}

/** Answers where to go on: an account is opened with the first try, and every try has a new link. */
async function openOnboarding(
  deps: Deps,
  { token, returnBase }: { token: string; returnBase: string },
): Promise<Result<string>> {
  const subject = await subjectOf(deps, token);
  if (!subject) return fail('not_found');
  const { shop, channel, opening } = subject;
  const away = fail('channel_unavailable', { channel: channel.code });
  const desk = channel.accounts;
  if (!desk || shop.state !== 'approved') return away;
  try {
    const account = opening ?? (await desk.open({ shopId: shop.id, shopName: shop.name }));
    if (!account) return away;
    if (!opening) await learnAccount(deps, { shopId: shop.id, channel: channel.code }, account);
    const self = `${returnBase}/connect/${token}`;
    const { accountRef } = account;
    const url = await desk.link({ accountRef, returnUrl: `${self}/return`, refreshUrl: self });
    return url === undefined ? away : ok(url);
  } catch (error) {
    if (!(error instanceof ChannelTrouble)) throw error;
    deps.log.warn({ error, shop: shop.id }, 'an account could not be opened at a payment channel');
    return away;
  }
}

/** The seller is back: the account is asked about now, for its notice may be late or lost. */
async function onboarded(deps: Deps, token: string): Promise<void> {
  const subject = await subjectOf(deps, token);
  if (subject?.opening) await askAboutAccount(deps, subject.opening);
}

export async function askAboutAccount(deps: Deps, opening: AccountOpening): Promise<void> {
  const desk = deps.channels.get(opening.channel)?.accounts;
  if (!desk) return;
  let now: ChannelAccount | undefined;
  try {
    now = await desk.retrieve(opening.accountRef);
  } catch (error) {
    if (!(error instanceof ChannelTrouble)) throw error;
  }
  // Without an answer only the next question moves.
  await learnAccount(deps, opening, now ?? opening);
}

async function learnAccount(
  deps: Deps,
  of: { shopId: string; channel: string },
  account: ChannelAccount,
): Promise<void> {
  await commit(deps, null, async (tx) => {
    await applyAccount(tx, { deps, now: deps.clock.now() }, of, account);
    return null;
  });
}

/** The shop may be paid there from the first time that its account is active, and not while it is restricted. */
export async function applyAccount(
  tx: Tx,
  at: When,
  { shopId, channel }: { shopId: string; channel: string },
  { accountRef, state, wants }: ChannelAccount,
): Promise<void> {
  const before = (await tx.people.accountOpenings(shopId)).find((one) => one.channel === channel);
  if (before && before.accountRef !== accountRef) return;
  const checks = before === undefined || before.state !== state ? 0 : before.checks + 1;
  await tx.people.putAccountOpening({
    ...{ shopId, channel, accountRef, state, wants, checks },
    nextCheckAt: at.now + (state === 'active' ? DAY_MS : Math.min(pollAfter(checks), DAY_MS)),
    createdAt: before?.createdAt ?? at.now,
  });
  const known = (await tx.people.merchantAccounts(shopId)).some((one) => one.channel === channel);
  if (state === 'active' && !known) {
    const account = { id: at.deps.ids.next(), shopId, channel, accountRef, createdAt: at.now };
    won(await tx.people.insertMerchantAccount(account), `account of shop ${shopId} at ${channel}`);
  }
  const shop = await tx.people.shop(shopId);
  const news = state === 'pending' ? undefined : state === 'active' ? 'account_active' : 'account_restricted';
  if (!shop || news === undefined || before?.state === state) return;
  await notifyShop(tx, at, { shopId, communityId: shop.communityId }, { kind: news, objectId: shopId }, 'seller');
}

/** What the core's mouth says of it. */
export const accountsDoor = (deps: Deps): Pick<Core, 'onboarding' | 'openOnboarding' | 'onboarded'> => ({
  onboarding: (token) => onboarding(deps, token),
  openOnboarding: (request) => openOnboarding(deps, request),
  onboarded: (token) => onboarded(deps, token),
});
