/** A person's private side: panels that are drawn again where they stand, and notices. */
import type { ChatPlatform, Sent } from '../ports/chat.ts';
import type { Message } from '../ports/messages.ts';
import type { PersonalMessage as ToPerson } from '../ports/outbox.ts';
import type { ClaimedRow } from '../ports/store/events.ts';
import { draw } from '../view/draw.ts';
import { panelKey } from '../view/panel-key.ts';
import type { View } from '../view/view.ts';
import { type Courier, handOver } from './courier.ts';
import { keepFor } from './kept.ts';
import { afterSend, mayRepeat, type Verdict } from './verdict.ts';

type Panel = {
  readonly personId: string;
  readonly communityId: string;
  readonly key: string;
  readonly locale: string;
  readonly message: Message;
  readonly view: View;
};

/** They may have lost the right to see it since, or it is no more: no reason to trouble anybody. */
const QUIET: ReadonlySet<string> = new Set(['not_found', 'not_allowed', 'not_yours']);

export async function sendPanel(at: Courier, row: ClaimedRow, message: ToPerson): Promise<Verdict> {
  const platforms = await platformsOf(at, message.personId);
  if (platforms.length === 0) return { kind: 'sent', reason: 'no platform to write on' };
  const keyed = platforms.every(({ can }) => can.keyed ?? false);
  if (row.abandoned && !mayRepeat(message.name, keyed)) return { kind: 'unknown' };
  const panel = await panelOf(at, row, message);
  if ('kind' in panel) return panel;
  return message.name === 'notice' ? once(at, row, platforms, panel) : everywhere(at, row, platforms, panel);
}

/** Where this person can be written to, and we are. */
async function platformsOf({ store, platforms }: Courier, personId: string): Promise<ChatPlatform<View>[]> {
  const names = await store.read((reads) => reads.people.platformsOf(personId));
  return names.flatMap((name) => platforms.get(name) ?? []);
}

/** Drawn with the rights, in the language and in the time zone of whoever will see it, as things are now. */
async function panelOf(at: Courier, row: ClaimedRow, message: ToPerson): Promise<Panel | Verdict> {
  const { personId, communityId } = message;
  const [profile, community] = await Promise.all([
    at.core.profile({ personId, communityId }),
    at.store.read((reads) => reads.people.community(communityId)),
  ]);
  if (!profile || !community) return { kind: 'sent', reason: 'nobody there' };
  const loaded = await at.core.load(message.message, { personId, communityId });
  if (!loaded.ok) {
    const { code } = loaded.fault;
    if (!QUIET.has(code)) return { kind: 'failed', error: code };
    at.log.info({ id: row.id, name: message.message.name, code }, 'a panel has nothing to show');
    return { kind: 'sent', reason: code };
  }
  const words = at.words(profile.locale, community.timeZone);
  const view = draw(message.message, loaded.value, words);
  const shown = { locale: profile.locale, message: message.message, view };
  return { personId, communityId, key: keyOf(row, message), ...shown };
}

/** A notice is a new message, however like an older one it is; sent twice, it has the same key. */
function keyOf(row: ClaimedRow, { name, message }: { name: ToPerson['name']; message: Message }): string {
  return name === 'notice' ? `${panelKey(message)}:${row.id}` : panelKey(message);
}

const write = (at: Courier, platform: ChatPlatform<View>, panel: Panel): Promise<Sent> =>
  handOver(at, platform, () => platform.panel(panel));

/** News reaches a person once: where they are closed to us the next of their platforms is tried. */
async function once(
  at: Courier,
  row: ClaimedRow,
  platforms: readonly ChatPlatform<View>[],
  panel: Panel,
): Promise<Verdict> {
  const unread: string[] = [];
  for (const platform of platforms) {
    const sent = await write(at, platform, panel);
    if (lasts(sent)) return { kind: 'sent' };
    if (sent.outcome !== 'sent') {
      const verdict = afterSend(row, sent, platform.can.keyed ?? false);
      if (verdict.kind !== 'dead') return verdict;
    }
    unread.push(platform.platform);
  }
  return kept(at, row, panel, unread);
}

const lasts = (sent: Sent): boolean => sent.outcome === 'sent' && sent.fleeting !== true;

/** Nothing is lost: it goes out when they can be written to. */
function kept(at: Courier, row: ClaimedRow, { key, message }: Panel, platforms: readonly string[]): Verdict {
  const { message: personal } = row;
  if (personal.name !== 'notice' && personal.name !== 'panel.refresh') return { kind: 'sent', reason: 'closed' };
  at.log.info({ id: row.id, name: message.name }, 'nobody to be written to: kept until they can be');
  return { kind: 'sent', reason: 'kept', writes: keepFor(at, row, { message: personal, key, platforms }) };
}

/** A panel tells the truth wherever it stands. */
async function everywhere(
  at: Courier,
  row: ClaimedRow,
  platforms: readonly ChatPlatform<View>[],
  panel: Panel,
): Promise<Verdict> {
  const all = await Promise.all(
    platforms.map(async (platform) => ({ platform, sent: await write(at, platform, panel) })),
  );
  const verdicts = all.map(({ platform, sent }): Verdict => {
    return sent.outcome === 'sent' ? { kind: 'sent' } : afterSend(row, sent, platform.can.keyed ?? false);
  });
  const waits = verdicts.find((verdict) => verdict.kind !== 'sent' && verdict.kind !== 'dead');
  if (waits) return waits;
  if (all.some(({ sent }) => lasts(sent))) return { kind: 'sent' };
  return kept(
    at,
    row,
    panel,
    all.map(({ platform }) => platform.platform),
  );
}
