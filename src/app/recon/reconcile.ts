/**
 * One merchant account's channel-day: the statement is fetched whole, every line is kept once for ever and matched with the journal,
 * and what the journal has and the channel never told of is named. Running it again changes nothing that was decided.
 */
import { accountFee, feeKnown, payoutFailed, payoutSeen } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import { ANSWERED_BY, dayBounds, dayOf, type LineResult, SLA_MS } from '../../domain/statement.ts';
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { StatementLine } from '../../ports/statement.ts';
import type { Tx } from '../../ports/store.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import type { StatementRow, Unanswered } from '../../ports/store/statements.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';
import type { When } from '../timeline.ts';
import { closeBySelf, openBreak } from './breaks.ts';
import { learnDisputes } from './learn-disputes.ts';
import { matchLine } from './match-line.ts';

/** So much of a statement is worked on in one commit. */
const CHUNK = 50;
const LINES_MAX = 100_000;

export type DayReport = {
  readonly accountId: string;
  readonly day: string;
  readonly lines: number;
  /** How many lines, and entries without a line, came to which result. */
  readonly results: Readonly<Partial<Record<LineResult, number>>>;
  /** Differences that wait for a person. */
  readonly open: number;
  /** Σ of the statement, and Σ of the entries that answer it, by currency. */
  readonly sums: readonly { readonly currency: string; readonly statement: number; readonly ledger: number }[];
};

/** Throws `ChannelTrouble` when the statement does not come whole, RangeError when the day is none. */
export async function reconcileDay(deps: Deps, accountId: string, day: string): Promise<DayReport> {
  const bounds = dayBounds(day);
  if (!bounds) throw new RangeError(`${day} is no day: write it as 2026-11-20.`);
  const account = await deps.store.read((reads) => reads.people.merchantAccount(accountId));
  const channel = account && deps.channels.get(account.channel);
  if (!account || !channel?.fetchStatement) throw new RangeError(`${accountId} has no channel with a statement.`);
  const lines = await fetchWhole(channel, account, bounds);
  await learnDisputes(deps, channel, account, lines);
  const counts = new Map<LineResult, number>();
  const count = (result: LineResult) => counts.set(result, (counts.get(result) ?? 0) + 1);
  const chunks = Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, at) =>
    lines.slice(at * CHUNK, (at + 1) * CHUNK),
  );
  // All of them are kept before one is matched: none takes what another names.
  for (const chunk of chunks) {
    await commit(deps, null, (tx) => keepChunk(tx, { deps, now: deps.clock.now() }, account, chunk));
  }
  for (const chunk of chunks) {
    const done = await commit(deps, null, (tx) => takeChunk(tx, { deps, now: deps.clock.now() }, account, chunk));
    done.forEach(count);
  }
  const fees = await commit(deps, null, (tx) =>
    compareFees(tx, { deps, now: deps.clock.now() }, account, { day, lines }),
  );
  fees.forEach(count);
  const missing = await commit(deps, null, (tx) => lookForMissing(tx, { deps, now: deps.clock.now() }, account, day));
  missing.forEach(count);
  const hash = deps.vault.digest('statement', JSON.stringify(lines));
  return finish(deps, account, { day, hash, lines: lines.length, results: Object.fromEntries(counts) });
}

async function fetchWhole(
  channel: PaymentChannel,
  account: MerchantAccount,
  { from, to }: { from: number; to: number },
): Promise<readonly StatementLine[]> {
  const lines = (await channel.fetchStatement?.({ account, from, to })) ?? [];
  if (lines.length > LINES_MAX) throw new RangeError(`A statement of ${lines.length} lines is too long for one day.`);
  // Whatever a channel thinks of its bounds, a line is of the day on which it happened.
  const own = lines.filter((line) => line.occurredAt >= from && line.occurredAt < to);
  // A fee follows what it was taken for.
  return [...own.filter((line) => line.kind !== 'fee'), ...own.filter((line) => line.kind === 'fee')];
}

async function takeChunk(
  tx: Tx,
  at: When,
  account: MerchantAccount,
  lines: readonly StatementLine[],
): Promise<LineResult[]> {
  const results: LineResult[] = [];
  for (const line of lines) results.push(await takeLine(tx, at, account, line));
  return results;
}

/** What a line says for ever; when it is paid out is known later. */
function hashOf(at: When, { availableAt: _soon, payoutRef: _later, ...said }: StatementLine): string {
  return at.deps.vault.digest('statement-line', JSON.stringify(said));
}

async function keepChunk(tx: Tx, at: When, account: MerchantAccount, lines: readonly StatementLine[]): Promise<null> {
  for (const line of lines) {
    const { id: lineId, ...said } = line;
    await tx.statements.insertRow({
      ...{ id: at.deps.ids.next(), merchantAccountId: account.id, lineId, hash: hashOf(at, line) },
      ...{ kind: said.kind, objectId: said.objectId, reference: said.reference, amount: said.amount, fee: said.fee },
      ...{ currency: said.currency, occurredAt: said.occurredAt },
      ...{ availableAt: said.availableAt, payoutRef: said.payoutRef },
      ...{ result: 'new', matchedType: null, matchedId: null },
    });
  }
  return null;
}

async function takeLine(tx: Tx, at: When, account: MerchantAccount, line: StatementLine): Promise<LineResult> {
  const row = await tx.statements.rowByLine(account.id, line.id);
  if (!row) throw new Error(`the statement's line ${line.id} is gone`);
  const { availableAt, payoutRef } = line;
  if (row.availableAt !== availableAt || row.payoutRef !== payoutRef)
    await tx.statements.updateRow(row.id, { availableAt, payoutRef });
  // The channel tells another story under the same name: what was kept stands, and a person looks.
  if (row.hash !== hashOf(at, line)) return changed(tx, at, account, row, line);
  return row.matchedId === null ? matchRow(tx, at, account, row) : (row.result as LineResult);
}

async function changed(tx: Tx, at: When, account: MerchantAccount, row: StatementRow, line: StatementLine) {
  const kind = row.currency === line.currency ? 'amount_mismatch' : 'currency_mismatch';
  await openBreak(tx, at, account, {
    ...{ day: dayOf(row.occurredAt), kind, subject: `${row.id}:changed`, rowId: row.id, orderId: null },
    ...{ currency: row.currency, ours: row.amount - row.fee, theirs: line.amount - line.fee },
  });
  return kind;
}

async function matchRow(tx: Tx, at: When, account: MerchantAccount, row: StatementRow): Promise<LineResult> {
  const match = await matchLine(tx, account, row, at.now);
  if (!match) return bookLine(tx, at, account, row);
  if (match === 'wait') {
    await tx.statements.setResult(row.id, 'timing', null);
    return 'timing';
  }
  const { result, found } = match;
  if (found && (result === 'matched' || result === 'timing')) {
    await tx.statements.setResult(row.id, result, found);
    await closeBySelf(tx, at, row.id);
    await closeBySelf(tx, at, `${found.type}:${found.id}:${row.kind}`);
    return result;
  }
  const kind = result === 'matched' || result === 'timing' ? 'missing_internal' : result;
  await tx.statements.setResult(row.id, kind, null);
  await openBreak(tx, at, account, {
    ...{ day: dayOf(row.occurredAt), kind, subject: row.id, rowId: row.id, orderId: match.orderId },
    ...{ currency: row.currency, ours: match.ours, theirs: row.amount },
  });
  return kind;
}

/** Payouts and fees of the account are known from the statement alone, and stand in the journal by its word. */
async function bookLine(tx: Tx, at: When, account: MerchantAccount, row: StatementRow): Promise<LineResult> {
  const source = { book: account.id, sourceId: row.id, orderId: null };
  const moved = row.amount - row.fee;
  const post = async (entry: ReturnType<typeof payoutSeen>) => {
    await tx.payments.post(entry, at.deps.ids.next(), at.now);
  };
  const { currency } = row;
  await tx.statements.setResult(row.id, 'matched', { type: 'statement', id: row.id });
  if (moved === 0) return 'matched';
  if (row.kind === 'fee') await post(accountFee(source, money(0 - moved, currency)));
  else if (moved < 0) await post(payoutSeen(source, money(0 - moved, currency)));
  else await post(payoutFailed(source, money(moved, currency)));
  return 'matched';
}

/** A fee that nobody knew with the payment is learned; one that differs is a difference. */
async function compareFees(
  tx: Tx,
  at: When,
  account: MerchantAccount,
  { day, lines }: { day: string; lines: readonly StatementLine[] },
): Promise<LineResult[]> {
  const results: LineResult[] = [];
  for (const line of lines) {
    const row = line.kind === 'payment' ? await tx.statements.rowByLine(account.id, line.id) : undefined;
    const capture = row?.matchedType === 'capture' ? await tx.payments.capture(row.matchedId ?? '') : undefined;
    if (!row || !capture || row.result === 'duplicate') continue;
    const theirs = await tx.statements.feesOf(account.id, row.objectId);
    if (theirs === capture.fee) continue;
    const { id, orderId, currency, fee } = capture;
    if (fee === 0 && theirs > 0 && (await tx.statements.learnFee(id, theirs))) {
      const entry = feeKnown({ book: account.id, sourceId: id, orderId }, money(theirs, currency));
      await tx.payments.post(entry, at.deps.ids.next(), at.now);
      continue;
    }
    const subject = `${row.id}:fee`;
    const opened = { day, kind: 'fee_mismatch', subject, rowId: row.id, orderId, currency } as const;
    if (await openBreak(tx, at, account, { ...opened, ours: 0 - fee, theirs: 0 - theirs }))
      results.push('fee_mismatch');
  }
  return results;
}

async function lookForMissing(tx: Tx, at: When, account: MerchantAccount, day: string): Promise<LineResult[]> {
  const bounds = dayBounds(day);
  if (!bounds) return [];
  const left = await tx.statements.unanswered({ merchantAccountId: account.id, ...bounds }, LINES_MAX);
  const results: LineResult[] = [];
  for (const entry of left) {
    const late = at.now >= bounds.to + SLA_MS;
    if (!late) {
      results.push('timing');
      continue;
    }
    if (await openBreak(tx, at, account, missingThere(day, entry))) results.push('missing_channel');
  }
  return results;
}

function missingThere(day: string, { sourceType, sourceId, kind, orderId, currency, amount }: Unanswered) {
  const line = Object.entries(ANSWERED_BY).find(([entry]) => entry === kind)?.[1] ?? kind;
  const subject = `${sourceType}:${sourceId}:${line}`;
  return { day, kind: 'missing_channel', subject, rowId: null, orderId, currency, ours: amount, theirs: null } as const;
}

type Done = Pick<DayReport, 'day' | 'lines' | 'results'> & { readonly hash: string };

async function finish(deps: Deps, account: MerchantAccount, { day, hash, lines, results }: Done): Promise<DayReport> {
  const bounds = dayBounds(day) ?? { from: 0, to: 0 };
  const second = bounds.to + SLA_MS;
  await commit(deps, null, async (tx) => {
    const now = deps.clock.now();
    // The day may not be over, and what was on its way has until then.
    const nextAt = now < second ? second : null;
    await tx.statements.putReconDay({ merchantAccountId: account.id, day, hash, lineCount: lines, ranAt: now, nextAt });
    return null;
  });
  return deps.store.read(async (reads) => {
    const open = (await reads.statements.breaksOf(account.id, day)).filter((one) => one.closedAt === null).length;
    const sums = await reads.statements.proofOf({ merchantAccountId: account.id, ...bounds });
    return { accountId: account.id, day, lines, results, open, sums };
  });
}
