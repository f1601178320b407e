import { describe, expect, test } from 'vitest';
import { monotonicUuids, randomIds } from '../../../src/runtime/ids.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const many = (make: () => string, count: number) => Array.from({ length: count }, make);

describe('ids', () => {
  test('are UUIDv7, sort in the order in which they were made, and never repeat', () => {
    const ids = many(() => randomIds.next(), 50_000);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => UUID_V7.test(id))).toBe(true);
  });

  test('go on growing when the clock stands still or is set back', () => {
    let calls = 0;
    const next = monotonicUuids(
      () => ((calls += 1) > 10 ? 1 : 1_789_000_000_000),
      () => '8000-000000000000',
    );
    const ids = many(next, 10_000);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => UUID_V7.test(id))).toBe(true);
  });

  test('for people have no letters that are read for others', () => {
    for (const code of many(() => randomIds.humanCode(), 1000)) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
  });

  test('that are permissions have 128 bits', () => {
    expect(randomIds.token()).toMatch(/^[\w-]{22}$/);
    expect(new Set(many(() => randomIds.token(), 1000)).size).toBe(1000);
  });
});
