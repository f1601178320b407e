/** What is sealed can be opened with the key at hand; and the file itself is whole. */
import { sql } from 'kysely';
import type { Vault } from '../../ports/runtime.ts';
import { int } from '../columns.ts';
import { type PersonVault, personVault } from '../person-vault.ts';
import { prepare, type Run } from '../prepare.ts';
import { type Broken, BROKEN_MAX, type Check, sqlCheck } from './check.ts';

/** Of each column, the newest. */
const SAMPLE = 50;

type Sealed = { readonly id: string; readonly owner: string | null; readonly sealed: string };

/** `owner`: whose key it is; null is the root. */
const column = (name: string, purpose: string, text: string) => ({
  name,
  purpose,
  query: prepare(
    `verify.U2.${name}`,
    { limit: int },
    (_db, p) => sql<Sealed>`select * from (${sql.raw(text)}) as found order by id desc limit ${p.limit}`,
  ),
});

const COLUMNS = [
  column('people', 'name', 'select id, id as owner, sealed_name as sealed from people'),
  column('addresses', 'address', 'select person_id as id, person_id as owner, sealed_address as sealed from addresses'),
  column(
    'order_addresses',
    'address',
    'select order_id as id, person_id as owner, sealed_address as sealed from order_addresses',
  ),
  column(
    'shipments',
    'tracking',
    'select s.order_id as id, o.buyer_id as owner, s.sealed_tracking as sealed from shipments s join orders o on o.id = s.order_id',
  ),
  column('questions', 'question', 'select id, asker_id as owner, sealed_text as sealed from questions'),
  column(
    'answers',
    'answer',
    'select id, asker_id as owner, sealed_answer as sealed from questions where sealed_answer is not null',
  ),
  column('reports', 'report', 'select id, reporter_id as owner, sealed_reason as sealed from reports'),
  column(
    'web_private',
    'web-private',
    'select id, person_id as owner, sealed_text as sealed from web_messages where person_id is not null and sealed_text is not null',
  ),
  column(
    'web_texts',
    'web-text',
    'select id, author_id as owner, sealed_text as sealed from web_messages where person_id is null and sealed_text is not null',
  ),
  column(
    'products',
    'digital-text',
    'select id, null as owner, sealed_digital_text as sealed from products where sealed_digital_text is not null',
  ),
  column('codes', 'code', "select product_id || ':' || seq as id, null as owner, sealed_code as sealed from codes"),
  column(
    'refund_proofs',
    'refund-proof',
    'select refund_id as id, null as owner, sealed_proof as sealed from refund_proofs',
  ),
  column(
    'refund_requests',
    'refund-request',
    "select id, null as owner, sealed_reason as sealed from refund_requests where sealed_reason <> ''",
  ),
  column(
    'case_decisions',
    'case-reason',
    'select case_id as id, null as owner, sealed_reason as sealed from case_decisions where sealed_reason is not null',
  ),
  column(
    'platform_addresses',
    'platform-user',
    "select person_id || ':' || platform as id, person_id as owner, sealed_user_id as sealed from platform_addresses",
  ),
  column(
    'platform_drafts',
    'draft',
    "select person_id || ':' || platform as id, person_id as owner, sealed_state as sealed from platform_drafts",
  ),
  column(
    'platform_updates',
    'platform-update',
    "select account || ':' || update_id as id, null as owner, sealed_payload as sealed from platform_updates where sealed_payload is not null",
  ),
  column('inbox_payloads', 'inbox', 'select id, null as owner, sealed_payload as sealed from inbox_payloads'),
];

async function opens(people: PersonVault, vault: Vault, purpose: string, { owner, sealed }: Sealed): Promise<boolean> {
  try {
    if (owner === null) vault.open(purpose, sealed);
    else await people.open(owner, purpose, sealed);
    return true;
  } catch {
    return false;
  }
}

const openable: Check = {
  id: 'U2',
  title: `what is sealed opens with the key at hand (the newest ${SAMPLE} of each kind)`,
  weight: 'must',
  async find(run: Run, vault: Vault) {
    const people = personVault(run, vault);
    const broken: Broken[] = [];
    let figure = 0;
    for (const { name, purpose, query } of COLUMNS) {
      for (const row of await run.all(query, { limit: SAMPLE })) {
        figure++;
        if (broken.length < BROKEN_MAX && !(await opens(people, vault, purpose, row)))
          broken.push({ id: row.id, in: name });
      }
    }
    return { figure, broken };
  },
};

const pages = prepare('verify.D1.pages', { limit: int }, (_db, p, dialect) =>
  dialect === 'sqlite'
    ? sql<{ said: string }>`select integrity_check as said from pragma_integrity_check limit ${p.limit}`
    : sql<{ said: string }>`select 'ok' as said limit ${p.limit}`,
);
const orphans = prepare('verify.D1.orphans', { limit: int }, (_db, p, dialect) =>
  dialect === 'sqlite'
    ? sql<{
        said: string;
      }>`select "table" || ':' || coalesce(rowid, 0) as said from pragma_foreign_key_check limit ${p.limit}`
    : sql<{
        said: string;
      }>`select conrelid::regclass || ':' || conname as said from pg_constraint where not convalidated limit ${p.limit}`,
);

/** PostgreSQL checks its pages and foreign keys itself. */
const whole: Check = {
  id: 'D1',
  title: 'the database is whole, and every reference leads somewhere',
  weight: 'must',
  async find(run) {
    const said = (await run.all(pages, { limit: BROKEN_MAX })).filter((row) => row.said !== 'ok');
    const lost = await run.all(orphans, { limit: BROKEN_MAX });
    const broken = [...said, ...lost].map((row) => ({ id: row.said }));
    return { figure: 1, broken: broken.slice(0, BROKEN_MAX) };
  },
};

export const sealedChecks: readonly Check[] = [
  whole,
  openable,
  sqlCheck({
    id: 'U3',
    title: 'nothing is left in clear where names and addresses are sealed',
    figure: 'select count(*) as figure from people',
    broken: `
      select p.id, 'no key' as fault from people p where not exists (select 1 from person_keys k where k.person_id = p.id)
      union all select p.id, 'no name' as fault from people p where p.sealed_name = ''
      union all select m.id, 'view in clear' as fault from web_messages m where m.person_id is not null and m.view is not null and m.view <> 'null'`,
  }),
];
