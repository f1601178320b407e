/** npm run verify: recomputes every invariant that the database can show. 1 when one is broken; works while the market runs. */
import { linesOf, type Result, verifyDatabase } from '../store/verify/verify.ts';
import { command, explained, readingOptions, readKeys, readSettings, say } from './shared/command.ts';

const tell = (result: Result): void => {
  for (const line of linesOf(result)) say(line);
};

await command(async () => {
  const config = readSettings();
  try {
    const { ok, results } = await verifyDatabase(readingOptions(config, readKeys(config)), tell);
    const broken = results.filter(({ weight, broken: rows }) => weight === 'must' && rows.length > 0);
    const looks = results.filter(({ weight, broken: rows }) => weight === 'look' && rows.length > 0);
    const more = looks.length > 0 ? ` ${looks.length} of them want somebody to look.` : '';
    say(
      ok
        ? `All ${results.length} checks hold.${more}`
        : `${broken.length} of ${results.length} checks are broken: ${broken.map(({ id }) => id).join(', ')}. ` +
            'Stop paying out, keep this output and a backup, and report it (SECURITY.md).',
    );
    return ok ? 0 : 1;
  } catch (error) {
    throw explained(error, config);
  }
});
