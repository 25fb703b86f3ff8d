/** Jest loads this in the process that runs it all, where Node itself strips the types of what it imports. */
export default async function setup() {
  if (!process.env.FABRIC_BIN) return;
  const { beginRun } = await import('./runs.ts');
  await beginRun();
}
