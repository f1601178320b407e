/**
 * Calls from one thread to the functions of another: plain data there, an answer or an error back, in any order. Beside the answers the
 * other thread tells what happens to it.
 */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { packError, type PlainError, unpackError } from './plain-error.ts';

type Call = { readonly call: number; readonly name: string; readonly args: readonly unknown[] };
type Answer =
  | { readonly to: number; readonly value: unknown }
  | { readonly to: number; readonly error: PlainError }
  | { readonly told: unknown };

/** So many calls without an answer: whoever comes then is refused, before memory is. */
const CALLS_MAX = 10_000;

export type Calls = {
  /** Rejects with the error of the other thread, or with that of `end`. `moved`: buffers that are gone here afterwards. */
  readonly call: <R>(name: string, args: readonly unknown[], moved?: readonly Transferable[]) => Promise<R>;
  /** Nobody answers any more: every call under way and every later one rejects. */
  readonly end: (error: Error) => void;
};

export function openCalls(port: MessagePort, onTold: (told: unknown) => void): Calls {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let ended: Error | undefined;
  port.on('message', (answer: Answer) => {
    if ('told' in answer) return onTold(answer.told);
    const call = waiting.get(answer.to);
    waiting.delete(answer.to);
    if ('error' in answer) call?.reject(unpackError(answer.error));
    else call?.resolve(answer.value);
  });
  return {
    async call<R>(name: string, args: readonly unknown[], moved: readonly Transferable[] = []): Promise<R> {
      if (ended) throw ended;
      if (waiting.size >= CALLS_MAX) throw new Error(`${CALLS_MAX} calls wait for an answer: ${name} is not made.`);
      const made = Promise.withResolvers<unknown>();
      const call = ++last;
      port.postMessage({ call, name, args } satisfies Call, [...moved]);
      waiting.set(call, made);
      return made.promise as Promise<R>;
    },
    end(error) {
      ended = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}

/** The functions of the other thread as an object here. They are told by name: types alone do not cross. */
export function callsOf<T extends object>(calls: Calls, names: readonly (keyof T & string)[]): T {
  const functions = names.map((name) => [name, (...args: unknown[]) => calls.call(name, args)] as const);
  return Object.fromEntries(functions) as T;
}

export type Answering = ReadonlyMap<string, (...args: never[]) => Promise<unknown>>;

/** Answers calls by the functions that stand in the map when they come. */
export function answerCalls(port: MessagePort, functions: Answering): void {
  const answer = async ({ call: to, name, args }: Call): Promise<Answer> => {
    try {
      const named = functions.get(name);
      if (!named) throw new TypeError(`The other thread has no ${name}.`);
      return { to, value: await named(...(args as never[])) };
    } catch (error) {
      return { to, error: packError(error) };
    }
  };
  const reply = async (call: Call): Promise<void> => {
    const answered = await answer(call);
    try {
      port.postMessage(answered);
    } catch (error) {
      // What cannot be cloned is a mistake of ours; whoever waits for it must not wait for ever.
      port.postMessage({ to: call.call, error: packError(error) } satisfies Answer);
    }
  };
  port.on('message', (call: Call) => void reply(call));
}

export const tell = (port: MessagePort, told: unknown): void => port.postMessage({ told } satisfies Answer);
