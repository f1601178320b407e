/** What people say about a product: questions with their answers, and reports. Sealed under the key of whoever asked or reported. */
import type { CatalogWrites, Question, Report } from '../ports/store/catalog.ts';
import { int, pick } from './columns.ts';
import type { PersonVault } from './person-vault.ts';
import { prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

const byId = prepare('questions.byId', pick(tables.questions, 'id'), (db, p) =>
  db.selectFrom('questions').selectAll().where('id', '=', p.id),
);
const insert = prepare('questions.insert', tables.questions, (db, p) =>
  db
    .insertInto('questions')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const answer = prepare('questions.answer', pick(tables.questions, 'id', 'sealedAnswer', 'answeredAt'), (db, p) =>
  db
    .updateTable('questions')
    .set({ sealedAnswer: p.sealedAnswer, answeredAt: p.answeredAt })
    .where('id', '=', p.id)
    .where('answeredAt', 'is', null),
);

const ofProduct = (name: string, open: boolean) =>
  prepare(name, { ...pick(tables.questions, 'productId'), limit: int }, (db, p) => {
    const all = db.selectFrom('questions').selectAll().where('productId', '=', p.productId);
    const wanted = open ? all.where('answeredAt', 'is', null) : all;
    return wanted.orderBy('id').limit(p.limit);
  });
const ofShop = (name: string, open: boolean) =>
  prepare(name, { shopId: tables.shops.id, limit: int }, (db, p) => {
    const all = db
      .selectFrom('questions')
      .innerJoin('products', 'products.id', 'questions.productId')
      .selectAll('questions')
      .where('products.shopId', '=', p.shopId);
    const wanted = open ? all.where('questions.answeredAt', 'is', null) : all;
    return wanted.orderBy('questions.id').limit(p.limit);
  });
const productAll = ofProduct('questions.ofProduct', false);
const productOpen = ofProduct('questions.openOfProduct', true);
const shopAll = ofShop('questions.ofShop', false);
const shopOpen = ofShop('questions.openOfShop', true);

const openReports = prepare('reports.open', { communityId: tables.communities.id, limit: int }, (db, p) =>
  db
    .selectFrom('reports')
    .innerJoin('products', 'products.id', 'reports.productId')
    .selectAll('reports')
    .where('products.communityId', '=', p.communityId)
    .where('reports.resolvedAt', 'is', null)
    .orderBy('reports.id')
    .limit(p.limit),
);
const insertReport = prepare('reports.insert', tables.reports, (db, p) =>
  db
    .insertInto('reports')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const resolveReports = prepare('reports.resolve', pick(tables.reports, 'productId', 'resolvedAt'), (db, p) =>
  db
    .updateTable('reports')
    .set({ resolvedAt: p.resolvedAt })
    .where('productId', '=', p.productId)
    .where('resolvedAt', 'is', null),
);

type QuestionQueries = Pick<
  CatalogWrites,
  'question' | 'questions' | 'insertQuestion' | 'answerQuestion' | 'reports' | 'insertReport' | 'resolveReports'
>;

export function questionQueries(run: Run, people: PersonVault): QuestionQueries {
  const opened = async ({ sealedText, sealedAnswer, ...row }: RowOf<'questions'>): Promise<Question> => ({
    ...row,
    text: await people.open(row.askerId, 'question', sealedText),
    answer: sealedAnswer === null ? null : await people.open(row.askerId, 'answer', sealedAnswer),
  });
  const each = async <R, T>(rows: readonly R[], open: (row: R) => Promise<T>): Promise<T[]> => {
    const found: T[] = [];
    for (const row of rows) found.push(await open(row));
    return found;
  };
  return {
    async question(id) {
      const row = await run.first(byId, { id });
      return row && opened(row);
    },
    async questions({ productId, shopId, open, limit }) {
      if (productId !== undefined)
        return each(await run.all(open ? productOpen : productAll, { productId, limit }), opened);
      if (shopId !== undefined) return each(await run.all(open ? shopOpen : shopAll, { shopId, limit }), opened);
      throw new RangeError('Questions of what? Give a product or a shop.');
    },
    async insertQuestion({ text, answer: answered, ...row }) {
      const sealedText = await people.seal(row.askerId, 'question', text);
      const sealedAnswer = answered === null ? null : await people.seal(row.askerId, 'answer', answered);
      return (await run.change(insert, { ...row, sealedText, sealedAnswer })) === 1;
    },
    async answerQuestion(id, text, at) {
      const row = await run.first(byId, { id });
      if (!row) return false;
      const sealedAnswer = await people.seal(row.askerId, 'answer', text);
      return (await run.change(answer, { id, sealedAnswer, answeredAt: at })) === 1;
    },
    async reports(communityId, limit) {
      return each(
        await run.all(openReports, { communityId, limit }),
        async ({ sealedReason, ...row }): Promise<Report> => ({
          ...row,
          reason: await people.open(row.reporterId, 'report', sealedReason),
        }),
      );
    },
    async insertReport({ reason, ...row }) {
      const sealedReason = await people.seal(row.reporterId, 'report', reason);
      return (await run.change(insertReport, { ...row, sealedReason })) === 1;
    },
    resolveReports: (productId, at) => run.change(resolveReports, { productId, resolvedAt: at }),
  };
}
