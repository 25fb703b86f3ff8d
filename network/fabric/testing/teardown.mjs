/** Leaves nothing behind of the networks that the tests started. */
export default async function teardown() {
  const { endRun, RUN_VARIABLE } = await import('./runs.ts');
  const folder = process.env[RUN_VARIABLE];
  if (folder) await endRun(folder);
}
