import { openProjectionLease } from '../lease.ts';

/** A process that takes the lease of the index at a URL: prints `held`, and `lost` if it loses it. */
const [, , url = ''] = process.argv;
const { lost } = await openProjectionLease({ url }).acquire();
process.stdout.write('held\n');
lost.addEventListener('abort', () => process.stdout.write('lost\n'));
