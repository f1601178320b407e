// A way to PostgreSQL on which COMMITs alone are slow: a TCP proxy that reads what the client says, and lets each one wait.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type SlowCommits = {
  /** The same database by way of the proxy. */
  readonly url: string;
  /** From now on each COMMIT waits so long; 0 lets those go that wait. */
  delay(ms: number): void;
  close(): Promise<void>;
};

const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;
const SIMPLE_QUERY = 'Q';

export async function openSlowCommits(url: string): Promise<SlowCommits> {
  const to = new URL(url);
  let ms = 0;
  const waiting = new Set<() => void>();
  const wait = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    waiting.add(resolve);
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(resolve);
    });
  };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect({ host: to.hostname, port: Number(to.port || 5432), noDelay: true });
    client.setNoDelay(true);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    database.pipe(client);
    void forward(client, database, () => (ms > 0 ? wait() : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: through.href,
    delay(next) {
      ms = next;
      if (next === 0) for (const go of waiting) go();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Message by message; the first of a connection has no type. */
async function forward(from: Socket, to: Socket, beforeCommit: () => Promise<void> | undefined): Promise<void> {
  let rest = Buffer.alloc(0);
  let started = false;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const head = started ? TYPE_BYTES : 0;
        if (rest.length < head + LENGTH_BYTES) break;
        const length = head + rest.readUInt32BE(head);
        if (rest.length < length) break;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (started && isCommit(message)) await beforeCommit();
        started = true;
        to.write(message);
      }
    }
  } catch {
    // The client went away; so does its connection to the database.
  }
  to.destroy();
}

function isCommit(message: Buffer): boolean {
  if (message.toString('latin1', 0, TYPE_BYTES) !== SIMPLE_QUERY) return false;
  return message.toString('utf8', TYPE_BYTES + LENGTH_BYTES, message.length - 1).toLowerCase() === 'commit';
}
