/** Tables of statements and of reconciliation. */
import type { BreakKind, LineKind } from '../domain/statement.ts';
import type { StatementRow } from '../ports/store/statements.ts';
import { type Columns, int, orNull, text, word } from './columns.ts';

export const statementTables = {
  statementRows: {
    id: text,
    merchantAccountId: text,
    lineId: text,
    kind: word<LineKind>(),
    objectId: text,
    reference: orNull(text),
    amount: int,
    fee: int,
    currency: text,
    occurredAt: int,
    availableAt: orNull(int),
    payoutRef: orNull(text),
    hash: text,
    result: word<StatementRow['result']>(),
    matchedType: orNull(word<NonNullable<StatementRow['matchedType']>>()),
    matchedId: orNull(text),
  },
  reconDays: { merchantAccountId: text, day: text, hash: text, lineCount: int, ranAt: int, nextAt: orNull(int) },
  reconBreaks: {
    id: text,
    merchantAccountId: text,
    day: text,
    kind: word<BreakKind>(),
    subject: text,
    rowId: orNull(text),
    caseId: text,
    currency: text,
    ours: orNull(int),
    theirs: orNull(int),
    openedAt: int,
    closedAt: orNull(int),
  },
} as const satisfies Readonly<Record<string, Columns>>;
