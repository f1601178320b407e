/** Invoices that stand on a card for whoever pays them, and which attempt was whose at one of them. */
import { addColumn, type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await addColumn(db, 'products', 'quick_pay', 'flag default 0');
  await createTable(db, 'card_invoices', {
    columns: {
      id: 'text primary key',
      listing_id: 'text references listings (id)',
      variant_id: 'text references variants (id)',
      channel: 'text',
      merchant_account_id: 'text references merchant_accounts (id)',
      currency: 'text',
      amount: 'int check (amount > 0)',
      method: `text ${oneOf('method', 'pickup', 'ship', 'none')}`,
      link: 'text',
      state: `text ${oneOf('state', 'open', 'closed')}`,
      created_at: 'int',
    },
  });
  await run(
    db,
    "create unique index card_invoices_open on card_invoices (listing_id, variant_id) where state = 'open'",
  );
  await createTable(db, 'card_sales', {
    columns: {
      attempt_id: 'text primary key references attempts (id)',
      card_invoice_id: 'text references card_invoices (id)',
      person_id: 'text references people (id)',
    },
    compact: true,
  });
  await run(db, 'create index card_sales_payer on card_sales (card_invoice_id, person_id)');
}
