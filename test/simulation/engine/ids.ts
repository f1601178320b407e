// Names as the market makes them, time-ordered, with counted chance: the same in every run.
import type { Ids } from '../../../src/ports/runtime.ts';
import { monotonicUuids } from '../../../src/runtime/ids.ts';

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;

export function createIds(now: () => number): Ids {
  let count = 0;
  const chance = () => {
    count += 1;
    return `8000-${count.toString(16).padStart(12, '0')}`;
  };
  const code = () => {
    count += 1;
    let [left, text] = [count, ''];
    for (let at = 0; at < CODE_LENGTH; at += 1) {
      text = ALPHABET.charAt(left % ALPHABET.length) + text;
      left = Math.floor(left / ALPHABET.length);
    }
    return text;
  };
  return {
    next: monotonicUuids(now, chance),
    humanCode: code,
    token: () => {
      count += 1;
      return `token${count.toString(36).padStart(17, '0')}`;
    },
  };
}
