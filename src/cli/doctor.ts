/** npm run doctor: looks at everything that Pasar stands on. One line each: how it is, and what to do. 1 when something must be done. */
import { dirname, resolve } from 'node:path';
import { type Config, settingsOfProcess } from '../config.ts';
import { databaseFindings, keyFile } from './doctor/database.ts';
import { bad, fine, type Finding, lineOf } from './doctor/finding.ts';
import { dataFolder, diskSpace, languages, nodeVersion } from './doctor/machine.ts';
import { clockOfRates, metricsReach, portFree, publicAddress, redisAnswers } from './doctor/network.ts';
import { command, say, sqliteFileOf } from './shared/command.ts';

const ECB = 'https://data-api.ecb.europa.eu/';

await command(async () => {
  const told: Finding[] = [];
  const tell = (...findings: readonly Finding[]): void => {
    told.push(...findings);
    for (const finding of findings) say(lineOf(finding));
  };
  tell(nodeVersion(), languages());
  const settings = settingsOfProcess();
  if (settings.ok) {
    tell(fine('settings', 'can be read'));
    await lookAt(settings.config, tell);
  } else {
    tell(...settings.faults.map((fault) => bad('settings', fault)));
    say('      The rest is looked at when the settings are right.');
  }
  const failed = told.filter(({ level }) => level === 'fail').length;
  const warned = told.filter(({ level }) => level === 'warn').length;
  say(failed > 0 ? `${failed} to put right, ${warned} to look at.` : `Nothing in the way, ${warned} to look at.`);
  return failed > 0 ? 1 : 0;
});

async function lookAt(config: Config, tell: (...findings: readonly Finding[]) => void): Promise<void> {
  const file = sqliteFileOf(config);
  const folder = file === null ? resolve('data') : dirname(file);
  if (file !== null || config.sandbox) tell(dataFolder(folder));
  tell(await diskSpace(folder), keyFile(config));
  tell(...(await databaseFindings(config)));
  tell(await portFree({ name: 'PORT', host: config.host, port: config.port }));
  if (config.sandbox) {
    tell(await portFree({ name: 'SANDBOX_PORT', host: config.host, port: config.sandboxPort }));
  }
  tell(publicAddress(config.publicUrl, config));
  tell(metricsReach({ token: config.metricsToken !== null, proxied: config.trustProxy !== false }));
  if (config.redisUrl !== null) tell(...(await redisAnswers(config.redisUrl)));
  if (config.rates === 'ecb') tell(await clockOfRates(ECB));
}
