/** What every page of the web chat has around it. The policy forbids inline script and style: all of it is files of ours. */
import { html, raw } from 'hono/html';
import type { Words } from '../../src/ports/words.ts';
import type { Assets } from './assets.ts';

export type Html = ReturnType<typeof html>;

export type ShellOptions = {
  readonly words: Words;
  readonly assets: Assets;
  readonly title: string;
  readonly styles: readonly string[];
  readonly scripts?: boolean;
  readonly body: Html;
};

export async function shell({ words, assets, title, styles, scripts, body }: ShellOptions): Promise<string> {
  const { url } = assets;
  const modules = scripts ? assets.modules.map((file) => html`<link rel="modulepreload" href="${url(file)}" />`) : [];
  const entry = scripts ? html`<script type="module" src="${url('main.ts')}"></script>` : '';
  const page = await html`<!doctype html>
    <html lang="${words.locale}" dir="${words.fmt.dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${url('mark.svg')}" type="image/svg+xml" />
        ${styles.map((file) => html`<link rel="stylesheet" href="${url(file)}" />`)} ${modules} ${entry}
      </head>
      ${body}
    </html>`;
  return String(page);
}

/** Data for the page's own script, in an element that no browser runs. */
export function dataIsland(id: string, data: unknown): Html {
  // The only way out of such an element is its end tag.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${raw(json)}</script>`;
}

export function avatarOf(name: string): string {
  const first = new Intl.Segmenter().segment(name.trim())[Symbol.iterator]().next().value?.segment;
  return first?.toLocaleUpperCase() ?? '·';
}
