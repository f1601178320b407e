/** Stripe's webhooks: who signed, when, and what it says. Nothing is parsed before the signature holds. */
import type Stripe from 'stripe';
import type { ChannelNotice, RawNotice } from '../../ports/payment-channel.ts';
import { aboutEvent } from './about.ts';
import type { Client } from './client.ts';
import { marketAccountRef } from './ours.ts';
import { eventShape } from './wire.ts';

const PAST_MAX_S = 300;
const FUTURE_MAX_MS = 60_000;
/** `t=<unix seconds>` and one signature for each secret that is in use, of this scheme and perhaps of older ones. */
const HEADER = /^t=(\d{1,12})(?:,v\d=[0-9a-f]{64}){1,16}$/;

/** Undefined when the signature, its age or the shape is wrong. */
export async function readNotice(
  client: Client,
  secrets: readonly string[],
  raw: RawNotice,
): Promise<ChannelNotice | undefined> {
  const text = await signedText(client, secrets, raw);
  const event = text === undefined ? undefined : eventShape.safeParse(parse(text)).data;
  if (!event) return undefined;
  const told = await aboutEvent(client, event);
  if (!told) return undefined;
  return {
    eventId: event.id,
    type: event.type,
    account: event.account ? inMode(client, event.account, event.livemode) : marketAccountRef(event, told.shopId),
    objectId: event.data.object.id ?? event.id,
    occurredAt: event.created * 1000,
    about: told.about,
  };
}

/** An event of the other mode speaks of no account of ours: the blank makes it equal to none. */
const inMode = (client: Client, account: string, livemode: boolean): string =>
  livemode === client.livemode ? account : `${account} ${livemode ? 'live' : 'test'}`;

/** The SDK checks what is signed and how old it is; that it is not from the future, and every byte of what it is handed, we do. */
async function signedText(
  client: Client,
  secrets: readonly string[],
  { body, headers, receivedAt }: RawNotice,
): Promise<string | undefined> {
  const given = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'stripe-signature');
  const header = given[0]?.[1] ?? '';
  const seconds = HEADER.exec(header)?.[1];
  if (given.length !== 1 || seconds === undefined || Number(seconds) * 1000 - receivedAt > FUTURE_MAX_MS)
    return undefined;
  const text = decode(body);
  if (text === undefined || text === '') return undefined;
  const { webhooks } = await client.sdk();
  return secrets.some((secret) => holds(webhooks, { text, header, secret, receivedAt })) ? text : undefined;
}

function holds(
  webhooks: Stripe['webhooks'],
  { text, header, secret, receivedAt }: { text: string; header: string; secret: string; receivedAt: number },
): boolean {
  try {
    webhooks.constructEvent(text, header, secret, PAST_MAX_S, undefined, receivedAt);
    return true;
  } catch {
    // Not signed under this secret, too long ago, or no event of the kind that we take.
    return false;
  }
}

/** The bytes and nothing else: broken characters and a byte order mark are not put right, for then another body would be signed too. */
function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
