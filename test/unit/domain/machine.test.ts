import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdMachine } from '../../../src/domain/hold.ts';
import { defineMachine } from '../../../src/domain/machine.ts';
import { isOpenOrder, orderMachine, wasPaid } from '../../../src/domain/order.ts';
import type { OrderState } from '../../../src/domain/order.ts';
import { outboxMessageMachine } from '../../../src/domain/outbox-message.ts';
import { attemptMachine, isLateMoney, isLive, paymentExceptions, paymentMachine } from '../../../src/domain/payment.ts';
import type { AttemptState } from '../../../src/domain/payment.ts';
import { countsAgainstCapture, isOpenRefund, refundMachine } from '../../../src/domain/refund.ts';
import type { RefundState } from '../../../src/domain/refund.ts';

/** Every move of a table as `from>to`, so that a table is compared with the words of the design. */
function movesOf(transitions: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(transitions)
    .flatMap(([from, targets]) => targets.map((to) => `${from}>${to}`))
    .toSorted();
}

function said(lines: string): string[] {
  return lines
    .trim()
    .split(/\s*;\s*/)
    .flatMap((line) => {
      const [from = '', targets = ''] = line.split(/\s*->\s*/);
      return from.split(/\s*,\s*/).flatMap((one) => targets.split(/\s*\|\s*/).map((to) => `${one}>${to}`));
    })
    .toSorted();
}

describe('a definition', () => {
  test('is refused when a target is no state', () => {
    const transitions: Record<string, string[]> = { a: ['b', 'c'], b: [] };
    expect(() => defineMachine({ name: 'door', initial: 'a', transitions })).toThrow(
      'The door machine is wrong: a leads to c, which is no state. Correct its transition table.',
    );
  });

  test('is refused when a state cannot be reached', () => {
    expect(() => defineMachine({ name: 'door', initial: 'a', transitions: { a: ['b'], b: [], c: ['a'] } })).toThrow(
      'c cannot be reached from a',
    );
  });

  test('is refused when the initial state is missing or a target is named twice', () => {
    const transitions: Record<string, string[]> = { a: ['a', 'a'] };
    expect(() => defineMachine({ name: 'door', initial: 'z', transitions })).toThrow(
      /initial state z is not in the table/,
    );
    expect(() => defineMachine({ name: 'door', initial: 'a', transitions })).toThrow(/a names a target twice/);
  });

  test('is refused when the terminal states are not those that lead nowhere', () => {
    const transitions: Record<string, string[]> = { a: ['b', 'c'], b: [], c: ['a'] };
    const define = (terminal: string[]) => () => defineMachine({ name: 'door', initial: 'a', transitions, terminal });
    expect(define(['b'])).not.toThrow();
    expect(define([])).toThrow(/b leads nowhere and is not called terminal/);
    expect(define(['b', 'c'])).toThrow(/c is called terminal and leads on/);
    expect(define(['b', 'd'])).toThrow(/terminal state d is not in the table/);
  });

  test('names every problem at once', () => {
    const transitions: Record<string, string[]> = { a: ['x'], b: ['y'] };
    expect(() => defineMachine({ name: 'door', initial: 'a', transitions })).toThrow(/x.*y.*b cannot be reached/);
  });
});

describe('a machine', () => {
  test('answers a move with the state or with a fault that names both ends', () => {
    expect(orderMachine.move('pending_payment', 'paid')).toEqual({ ok: true, state: 'paid' });
    expect(orderMachine.move('cancelled', 'paid')).toEqual({
      ok: false,
      fault: { code: 'move_not_allowed', params: { machine: 'order', from: 'cancelled', to: 'paid' } },
    });
  });

  test('reads states from the store and takes no other word', () => {
    expect(orderMachine.parse('closed')).toBe('closed');
    for (const word of ['refunded', '', 'constructor', 'Paid'])
      expect(() => orderMachine.parse(word)).toThrow(RangeError);
  });

  test.each([orderMachine, paymentMachine, attemptMachine, refundMachine, holdMachine, outboxMessageMachine])(
    '$name moves exactly where its table says, and never onto itself',
    (machine: LooseMachine) => {
      const { states, transitions } = machine;
      for (const from of states) {
        for (const to of states) {
          expect(machine.can(from, to)).toBe(transitions[from]?.includes(to));
          expect(machine.move(from, to).ok).toBe(machine.can(from, to));
        }
        expect(machine.can(from, from)).toBe(false);
      }
    },
  );
});

type LooseMachine = {
  readonly states: readonly string[];
  readonly transitions: Readonly<Record<string, readonly string[]>>;
  can(from: string, to: string): boolean;
  move(from: string, to: string): { readonly ok: boolean };
};

describe('the tables', () => {
  test('order', () => {
    expect(movesOf(orderMachine.transitions)).toEqual(
      said(`draft -> pending_payment | cancelled; pending_payment -> paid | expired | cancelled; expired -> paid;
        paid -> fulfilled | closed; fulfilled -> closed`),
    );
  });

  test('payment', () => {
    expect(movesOf(paymentMachine.transitions)).toEqual(
      said('open -> succeeded | expired | cancelled; expired, cancelled -> succeeded'),
    );
    expect(paymentExceptions).toHaveLength(6);
  });

  test('attempt', () => {
    expect(movesOf(attemptMachine.transitions)).toEqual(
      said(`created -> submitted | cancelled; submitted -> requires_action | pending | succeeded | failed | unknown;
        requires_action -> pending; pending -> requires_action;
        requires_action, pending -> succeeded | failed | expired | cancelled | unknown;
        unknown -> requires_action | pending | succeeded | failed | expired | cancelled;
        failed, expired, cancelled -> succeeded`),
    );
  });

  test('refund', () => {
    expect(movesOf(refundMachine.transitions)).toEqual(
      said(`requested -> submitted | pending_approval | cancelled; pending_approval -> approved | rejected | cancelled;
        approved -> submitted | cancelled; submitted -> pending | succeeded | failed | unknown;
        pending -> succeeded | failed; unknown -> pending | succeeded | failed; succeeded -> failed`),
    );
  });

  test('hold and outbox message', () => {
    expect(movesOf(holdMachine.transitions)).toEqual(said('held -> committed | released'));
    expect(movesOf(outboxMessageMachine.transitions)).toEqual(
      said(`pending -> claimed; claimed -> sent | pending | unknown | dead; unknown -> sent | pending | dead;
        dead -> pending`),
    );
  });
});

/** A walk of any length through a table: every state on the way, the initial one first. */
function walks<S extends string>(machine: {
  readonly initial: S;
  readonly transitions: Readonly<Record<S, readonly S[]>>;
}): fc.Arbitrary<S[]> {
  return fc.array(fc.nat(), { maxLength: 30 }).map((choices) => {
    const path = [machine.initial];
    for (const choice of choices) {
      const targets = machine.transitions[path.at(-1) ?? machine.initial];
      const next = targets[choice % Math.max(1, targets.length)];
      if (next !== undefined) path.push(next);
    }
    return path;
  });
}

describe('on every walk', () => {
  test('an order that was paid stays paid, and is open until it is handed over or given up', () => {
    fc.assert(
      fc.property(walks(orderMachine), (path: OrderState[]) => {
        const paidAt = path.findIndex(wasPaid);
        if (paidAt >= 0) expect(path.slice(paidAt).every(wasPaid)).toBe(true);
        expect(isOpenOrder(path.at(-1) ?? 'draft')).toBe(['pending_payment', 'paid'].includes(path.at(-1) ?? ''));
      }),
    );
  });

  test('an attempt that is no longer live only ever turns into money', () => {
    fc.assert(
      fc.property(walks(attemptMachine), (path: AttemptState[]) => {
        const ended = path.findIndex((state) => !isLive(state));
        if (ended >= 0) expect(path.slice(ended + 1).every((state) => state === 'succeeded')).toBe(true);
      }),
    );
  });

  test('a refund that released its reservation never takes it again', () => {
    fc.assert(
      fc.property(walks(refundMachine), (path: RefundState[]) => {
        const releasedAt = path.findIndex((state) => !countsAgainstCapture(state));
        if (releasedAt >= 0) expect(releasedAt).toBe(path.length - 1);
      }),
    );
  });
});

test('an unknown outcome keeps its attempt live and its refund reserved', () => {
  expect(isLive('unknown')).toBe(true);
  expect(countsAgainstCapture('unknown')).toBe(true);
  expect(isOpenRefund('unknown')).toBe(true);
});

test('a refund that succeeded counts and is no longer open; one that bounced does neither', () => {
  expect([countsAgainstCapture('succeeded'), isOpenRefund('succeeded')]).toEqual([true, false]);
  expect([countsAgainstCapture('failed'), isOpenRefund('failed')]).toEqual([false, false]);
});

test('money is late only when the payment had been given up', () => {
  expect(isLateMoney('expired', 'succeeded')).toBe(true);
  expect(isLateMoney('cancelled', 'succeeded')).toBe(true);
  expect(isLateMoney('open', 'succeeded')).toBe(false);
  expect(isLateMoney('open', 'expired')).toBe(false);
});
