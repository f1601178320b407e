// Plain JavaScript, imported before anything else: it must be able to speak on the old Node that a newcomer's machine has.
const REQUIRED_MAJOR = 26;

if (Number.parseInt(process.versions.node, 10) < REQUIRED_MAJOR) {
  console.error(
    [
      `Pasar needs Node ${REQUIRED_MAJOR} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
      `Node ${REQUIRED_MAJOR} comes with the packages: start Pasar through npm (npm start, npm test, npm run ...).`,
      'If you did, that package is missing: run "npm ci" again, without --omit=optional or --ignore-scripts.',
      `On a platform that none of our Node packages serves, install Node ${REQUIRED_MAJOR} yourself.`,
    ].join('\n'),
  );
  process.exit(1);
}
