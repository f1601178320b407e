// parse_mode HTML as the Bot API reads it: the text that remains, its entities, or the reason for "can't parse entities".
import type { MessageEntity } from 'grammy/types';
import { invalid } from './refusal.ts';

export type Formatted = { readonly text: string; readonly entities: readonly MessageEntity[] };

type Open = { readonly tag: string; readonly offset: number; readonly attributes: ReadonlyMap<string, string> };

const KINDS: Readonly<Record<string, string>> = {
  ...{ b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline', ins: 'underline' },
  ...{ s: 'strikethrough', strike: 'strikethrough', del: 'strikethrough', 'tg-spoiler': 'spoiler', span: 'spoiler' },
  ...{ a: 'text_link', code: 'code', pre: 'pre', blockquote: 'blockquote', 'tg-emoji': 'custom_emoji' },
  'tg-time': 'date_time',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const cannotParse = (words: string) => invalid(`can't parse entities: ${words}`);

export function parseHtml(source: string): Formatted {
  const open: Open[] = [];
  const entities: MessageEntity[] = [];
  let text = '';
  let at = 0;
  const byteOf = (index: number) => Buffer.byteLength(source.slice(0, index));
  while (at < source.length) {
    const letter = source.charAt(at);
    if (letter === '&') {
      const found = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/i.exec(source.slice(at));
      const decoded = found && decode(found);
      text += decoded ?? '&';
      at += found && decoded !== undefined ? found[0].length : 1;
      continue;
    }
    if (letter !== '<') {
      text += letter;
      at += 1;
      continue;
    }
    const end = source.indexOf('>', at);
    if (source.charAt(at + 1) === '/') {
      if (end < 0) throw cannotParse(`Unclosed end tag at byte offset ${byteOf(at)}`);
      const name = source
        .slice(at + 2, end)
        .trim()
        .toLowerCase();
      const last = open.pop();
      if (!last) throw cannotParse(`Unexpected end tag at byte offset ${byteOf(at)}`);
      if (name !== '' && name !== last.tag) {
        const offset = byteOf(at);
        throw cannotParse(`Unmatched end tag at byte offset ${offset}, expected "</${last.tag}>", found "</${name}>"`);
      }
      close(last, text, entities);
      at = end + 1;
      continue;
    }
    const tag = readTag(source, at, byteOf(at));
    open.push({ tag: tag.name, offset: text.length, attributes: tag.attributes });
    at = tag.end;
  }
  const left = open.pop();
  if (left) throw cannotParse(`Can't find end tag corresponding to start tag "${left.tag}"`);
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}

function decode(found: RegExpExecArray): string | undefined {
  const [, decimal, hexadecimal, name] = found;
  if (name !== undefined) return NAMED[name.toLowerCase()];
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function readTag(source: string, at: number, offset: number) {
  const name = /^<([a-z][a-z0-9-]*)/i.exec(source.slice(at))?.[1];
  if (name === undefined) throw cannotParse(`Unsupported start tag "" at byte offset ${offset}`);
  const lower = name.toLowerCase();
  if (!(lower in KINDS)) throw cannotParse(`Unsupported start tag "${lower}" at byte offset ${offset}`);
  const attributes = new Map<string, string>();
  let from = at + 1 + name.length;
  for (;;) {
    const rest = source.slice(from);
    const found = /^\s+([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/i.exec(rest);
    if (!found) break;
    attributes.set((found[1] ?? '').toLowerCase(), unescape(found[2] ?? found[3] ?? found[4] ?? ''));
    from += found[0].length;
  }
  const end = /^\s*>/.exec(source.slice(from));
  if (!end) throw cannotParse(`Unclosed start tag at byte offset ${offset}`);
  checkAttributes(lower, attributes, offset);
  return { name: lower, attributes, end: from + end[0].length };
}

function unescape(value: string): string {
  return value.replaceAll(/&(lt|gt|amp|quot);/g, (whole, name: string) => NAMED[name] ?? whole);
}

function checkAttributes(tag: string, attributes: ReadonlyMap<string, string>, offset: number): void {
  if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw cannotParse(`Tag "span" must have class "tg-spoiler" at byte offset ${offset}`);
  }
  if (tag === 'tg-emoji' && !/^\d+$/.test(attributes.get('emoji-id') ?? '')) {
    throw cannotParse('Invalid custom emoji identifier specified');
  }
  if (tag === 'tg-time') {
    if (!/^\d+$/.test(attributes.get('unix') ?? '')) throw cannotParse('Invalid date-time specified');
    if (!/^(r|w?[dD]?[tT]?)$/.test(attributes.get('format') ?? '')) throw cannotParse('Invalid date-time format');
  }
  const known: Record<string, string[]> = {
    ...{ a: ['href'], span: ['class'], code: ['class'], blockquote: ['expandable'] },
    ...{ 'tg-emoji': ['emoji-id'], 'tg-time': ['unix', 'format'] },
  };
  // Telegram would skip such an attribute in silence; in a test it is a mistake of the renderer.
  const odd = [...attributes.keys()].find((name) => !(known[tag] ?? []).includes(name));
  if (odd !== undefined) throw cannotParse(`Unknown attribute "${odd}" of tag "${tag}" at byte offset ${offset}`);
}

function close(last: Open, text: string, entities: MessageEntity[]): void {
  const length = text.length - last.offset;
  if (length === 0) return;
  const at = { offset: last.offset, length };
  const { tag, attributes } = last;
  if (tag === 'a') {
    const url = attributes.get('href') ?? text.slice(last.offset);
    // A link that leads nowhere is shown as plain text, as Telegram does.
    if (/^(https?|tg|mailto|tel|ton):/.test(url)) entities.push({ type: 'text_link', ...at, url });
  } else if (tag === 'tg-emoji') {
    entities.push({ type: 'custom_emoji', ...at, custom_emoji_id: attributes.get('emoji-id') ?? '' });
  } else if (tag === 'tg-time') {
    const format = (attributes.get('format') ?? '') as MessageEntity.DateTimeMessageEntity['date_time_format'];
    entities.push({ type: 'date_time', ...at, unix_time: Number(attributes.get('unix')), date_time_format: format });
  } else if (tag === 'pre') {
    const inner = entities.findIndex((one) => one.type === 'code' && one.offset === at.offset && one.length === length);
    if (inner >= 0) entities.splice(inner, 1);
    entities.push({ type: 'pre', ...at });
  } else {
    const kind = tag === 'blockquote' && attributes.has('expandable') ? 'expandable_blockquote' : KINDS[tag];
    entities.push({ type: kind as MessageEntity.CommonMessageEntity['type'], ...at });
  }
}
