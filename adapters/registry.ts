/** The chat platforms that there are. A new one is one line here; the contract suite then runs on it. */
import { createWebAdapter } from './web/index.ts';

export const chatAdapters = { web: createWebAdapter } as const;
