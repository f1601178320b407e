/** What is kept of one person, and how it is forgotten. */
import { isOpenDispute, disputeMachine } from '../domain/dispute.ts';
import { attemptMachine, isLive } from '../domain/payment.ts';
import type { OrderState } from '../domain/order.ts';
import type { RefundState } from '../domain/refund.ts';
import type { Vault } from '../ports/runtime.ts';
import type { PersonalWrites, Tie } from '../ports/store/personal.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { type PersonVault, personVault } from './person-vault.ts';
import { list, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const theirs = { ...pick(tables.identities, 'personId'), limit: int };
const one = pick(tables.identities, 'personId');

const identities = prepare('personal.identities', theirs, (db, p) =>
  db
    .selectFrom('identities')
    .select(['platform', 'userDigest', 'createdAt'])
    .where('personId', '=', p.personId)
    .orderBy('createdAt')
    .orderBy('platform')
    .limit(p.limit),
);
const memberships = prepare('personal.memberships', theirs, (db, p) =>
  db
    .selectFrom('memberships')
    .select(['communityId', 'role', 'createdAt'])
    .where('personId', '=', p.personId)
    .orderBy('communityId')
    .limit(p.limit),
);
const questions = prepare('personal.questions', theirs, (db, p) =>
  db.selectFrom('questions').selectAll().where('askerId', '=', p.personId).orderBy('id').limit(p.limit),
);
const reports = prepare('personal.reports', theirs, (db, p) =>
  db.selectFrom('reports').selectAll().where('reporterId', '=', p.personId).orderBy('id').limit(p.limit),
);
const messages = prepare('personal.messages', theirs, (db, p) =>
  db
    .selectFrom('webMessages')
    .select(['chatId', 'sealedText', 'createdAt'])
    .where('authorId', '=', p.personId)
    .where('personId', 'is', null)
    .orderBy('seq')
    .limit(p.limit),
);

const openOrder = prepare(
  'personal.openOrder',
  { ...pick(tables.orders, 'buyerId'), states: list(tables.orders.state) },
  (db, p) =>
    db.selectFrom('orders').select('id').where('buyerId', '=', p.buyerId).where('state', 'in', p.states).limit(1),
);
const liveAttempt = prepare(
  'personal.liveAttempt',
  { ...pick(tables.orders, 'buyerId'), states: list(tables.attempts.state) },
  (db, p) =>
    db
      .selectFrom('orders')
      .innerJoin('attempts', 'attempts.orderId', 'orders.id')
      .select('attempts.id')
      .where('orders.buyerId', '=', p.buyerId)
      .where('attempts.state', 'in', p.states)
      .limit(1),
);
/** Over for us, and the channel is still asked whether money came after all. */
const lateAttempt = prepare(
  'personal.lateAttempt',
  { ...pick(tables.orders, 'buyerId'), states: list(tables.attempts.state) },
  (db, p) =>
    db
      .selectFrom('orders')
      .innerJoin('attempts', 'attempts.orderId', 'orders.id')
      .select('attempts.id')
      .where('orders.buyerId', '=', p.buyerId)
      .where('attempts.state', 'in', p.states)
      .where('attempts.nextCheckAt', 'is not', null)
      .limit(1),
);
const openRefund = prepare(
  'personal.openRefund',
  { ...pick(tables.orders, 'buyerId'), states: list(tables.refunds.state) },
  (db, p) =>
    db
      .selectFrom('orders')
      .innerJoin('refunds', 'refunds.orderId', 'orders.id')
      .select('refunds.id')
      .where('orders.buyerId', '=', p.buyerId)
      .where('refunds.state', 'in', p.states)
      .limit(1),
);
const openDispute = prepare(
  'personal.openDispute',
  { ...pick(tables.orders, 'buyerId'), states: list(tables.disputes.state) },
  (db, p) =>
    db
      .selectFrom('orders')
      .innerJoin('disputes', 'disputes.orderId', 'orders.id')
      .select('disputes.id')
      .where('orders.buyerId', '=', p.buyerId)
      .where('disputes.state', 'in', p.states)
      .limit(1),
);
const stall = prepare('personal.stall', one, (db, p) =>
  db.selectFrom('shopStaff').select('shopId').where('personId', '=', p.personId).where('role', '=', 'seller').limit(1),
);
const steward = prepare('personal.steward', one, (db, p) =>
  db
    .selectFrom('memberships')
    .select('communityId')
    .where('personId', '=', p.personId)
    .where('role', '<>', 'member')
    .limit(1),
);

/** Somebody who comes again is somebody new: the answer of their first meeting is forgotten with them. */
const forgetMeeting = prepare('personal.forgetMeeting', pick(tables.commands, 'key'), (db, p) =>
  db.deleteFrom('commands').where('key', '=', p.key),
);
const signOut = prepare('personal.signOut', { ...one, at: int }, (db, p) =>
  db
    .updateTable('webSessions')
    .set({ revokedAt: p.at })
    .where('personId', '=', p.personId)
    .where('revokedAt', 'is', null),
);
const gone = [
  prepare('personal.dropIdentities', one, (db, p) => db.deleteFrom('identities').where('personId', '=', p.personId)),
  prepare('personal.dropAddress', one, (db, p) => db.deleteFrom('addresses').where('personId', '=', p.personId)),
  prepare('personal.dropMemberships', one, (db, p) => db.deleteFrom('memberships').where('personId', '=', p.personId)),
  prepare('personal.dropStaff', one, (db, p) => db.deleteFrom('shopStaff').where('personId', '=', p.personId)),
  prepare('personal.dropPlaces', one, (db, p) => db.deleteFrom('platformAddresses').where('personId', '=', p.personId)),
  prepare('personal.dropNames', one, (db, p) => db.deleteFrom('platformNames').where('personId', '=', p.personId)),
  prepare('personal.dropPanels', one, (db, p) => db.deleteFrom('panelRefs').where('personId', '=', p.personId)),
  prepare('personal.dropDrafts', one, (db, p) => db.deleteFrom('platformDrafts').where('personId', '=', p.personId)),
  prepare('personal.dropVisits', one, (db, p) => db.deleteFrom('communityVisits').where('personId', '=', p.personId)),
  prepare('personal.dropNews', one, (db, p) => db.deleteFrom('keptNews').where('personId', '=', p.personId)),
  prepare('personal.dropClaims', one, (db, p) => db.deleteFrom('claims').where('personId', '=', p.personId)),
  prepare('personal.dropMessages', one, (db, p) => db.deleteFrom('webMessages').where('personId', '=', p.personId)),
];

const OPEN_ORDERS: readonly OrderState[] = ['pending_payment', 'paid'];
const LIVE = attemptMachine.states.filter(isLive);
const UNPAID = attemptMachine.states.filter((state) => !isLive(state) && state !== 'succeeded');
const OPEN_DISPUTES = disputeMachine.states.filter(isOpenDispute);
const OPEN_REFUNDS: readonly RefundState[] = [
  ...(['requested', 'pending_approval', 'approved', 'submitted', 'pending', 'unknown'] as const),
];

export function personalQueries(run: Run, vault: Vault): PersonalWrites {
  const own = personVault(run, vault);
  return {
    personalTexts: (personId) => textsOf(run, own, personId),
    async tiesOf(personId) {
      const buyerId = personId;
      const found: readonly [Tie, unknown][] = [
        ['orders', await run.first(openOrder, { buyerId, states: OPEN_ORDERS })],
        ['money', await run.first(liveAttempt, { buyerId, states: LIVE })],
        ['money', await run.first(lateAttempt, { buyerId, states: UNPAID })],
        ['money', await run.first(openRefund, { buyerId, states: OPEN_REFUNDS })],
        ['money', await run.first(openDispute, { buyerId, states: OPEN_DISPUTES })],
        ['shop', await run.first(stall, { personId })],
        ['market', await run.first(steward, { personId })],
      ];
      return [...new Set(found.flatMap(([tie, row]) => (row === undefined ? [] : [tie])))];
    },
    async erasePerson(personId, at) {
      if (!(await own.erase(personId, at))) return false;
      for (const { userDigest } of await run.all(identities, { personId, limit: PARTS_MAX })) {
        await run.change(forgetMeeting, { key: `person:${userDigest}` });
      }
      await run.change(signOut, { personId, at });
      for (const drop of gone) await run.change(drop, { personId });
      return true;
    },
  };
}

async function textsOf(run: Run, own: PersonVault, personId: string): ReturnType<PersonalWrites['personalTexts']> {
  const asked: { productId: string; text: string; answer: string | null; askedAt: number }[] = [];
  for (const row of await run.all(questions, { personId, limit: PARTS_MAX })) {
    const text = await own.open(personId, 'question', row.sealedText);
    const answer = row.sealedAnswer === null ? null : await own.open(personId, 'answer', row.sealedAnswer);
    asked.push({ productId: row.productId, text, answer, askedAt: row.askedAt });
  }
  const reported: { productId: string; reason: string; at: number }[] = [];
  for (const { productId, sealedReason, at } of await run.all(reports, { personId, limit: PARTS_MAX })) {
    reported.push({ productId, reason: await own.open(personId, 'report', sealedReason), at });
  }
  const said: { chatId: string; text: string; at: number }[] = [];
  for (const { chatId, sealedText, createdAt: at } of await run.all(messages, { personId, limit: PARTS_MAX })) {
    if (chatId === null || sealedText === null) continue;
    said.push({ chatId, text: await own.open(personId, 'web-text', sealedText), at });
  }
  const known = await run.all(identities, { personId, limit: PARTS_MAX });
  return {
    identities: known.map(({ platform, createdAt }) => ({ platform, createdAt })),
    memberships: await run.all(memberships, { personId, limit: PARTS_MAX }),
    questions: asked,
    reports: reported,
    messages: said,
  };
}
