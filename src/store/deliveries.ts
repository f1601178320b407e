/** Where an order goes, what was sent, and its story. Addresses and tracking are sealed under the buyer's key. */
import type { Vault } from '../ports/runtime.ts';
import type { OrderWrites } from '../ports/store/orders.ts';
import { pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { addressFrom, addressText } from './people.ts';
import { personVault } from './person-vault.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const address = prepare('orderAddresses.of', pick(tables.orderAddresses, 'orderId'), (db, p) =>
  db.selectFrom('orderAddresses').select(['personId', 'sealedAddress']).where('orderId', '=', p.orderId),
);
const putAddress = prepare('orderAddresses.put', tables.orderAddresses, (db, p) =>
  db
    .insertInto('orderAddresses')
    .values(p)
    .onConflict((on) => on.column('orderId').doUpdateSet({ personId: p.personId, sealedAddress: p.sealedAddress })),
);
const buyer = prepare('orders.buyer', pick(tables.orders, 'id'), (db, p) =>
  db.selectFrom('orders').select('buyerId').where('id', '=', p.id),
);
const shipment = prepare('shipments.of', pick(tables.shipments, 'orderId'), (db, p) =>
  db.selectFrom('shipments').selectAll().where('orderId', '=', p.orderId),
);
const insertShipment = prepare('shipments.insert', tables.shipments, (db, p) =>
  db
    .insertInto('shipments')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const timeline = prepare('timelineEntries.ofOrder', pick(tables.timelineEntries, 'orderId'), (db, p) =>
  db.selectFrom('timelineEntries').selectAll().where('orderId', '=', p.orderId).orderBy('id').limit(PARTS_MAX),
);
const addEntry = prepare('timelineEntries.insert', tables.timelineEntries, (db, p) =>
  db.insertInto('timelineEntries').values(p),
);

type DeliveryQueries = Pick<
  OrderWrites,
  'deliveryAddress' | 'putDeliveryAddress' | 'shipment' | 'insertShipment' | 'timeline' | 'addTimeline'
>;

export function deliveryQueries(run: Run, vault: Vault): DeliveryQueries {
  const people = personVault(run, vault);
  const buyerOf = async (orderId: string): Promise<string> => {
    const row = await run.first(buyer, { id: orderId });
    if (!row) throw new Error(`There is no order ${orderId}.`);
    return row.buyerId;
  };
  return {
    async deliveryAddress(orderId) {
      const row = await run.first(address, { orderId });
      return row && addressFrom(await people.open(row.personId, 'address', row.sealedAddress));
    },
    async putDeliveryAddress(orderId, personId, given) {
      const sealedAddress = await people.seal(personId, 'address', addressText(given));
      await run.change(putAddress, { orderId, personId, sealedAddress });
    },
    async shipment(orderId) {
      const row = await run.first(shipment, { orderId });
      if (!row) return undefined;
      const { sealedTracking, ...rest } = row;
      return { ...rest, tracking: await people.open(await buyerOf(orderId), 'tracking', sealedTracking) };
    },
    async insertShipment({ tracking, ...row }) {
      const sealedTracking = await people.seal(await buyerOf(row.orderId), 'tracking', tracking);
      return (await run.change(insertShipment, { ...row, sealedTracking })) === 1;
    },
    timeline: (orderId) => run.all(timeline, { orderId }),
    async addTimeline(entry) {
      await run.change(addEntry, entry);
    },
  };
}
