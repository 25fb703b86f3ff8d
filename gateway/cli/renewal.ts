import { renewIdentities, type Authority, type Wallet } from '@fhir-fabric-gateway/network';
import { warn } from './alarm.ts';

const DAY = 24 * 3600 * 1000;

/** Renews certificates before they end, now and once a day; says what could not be renewed. */
export function watchRenewal(
  authorities: readonly Pick<Authority, 'mspId' | 'renew'>[],
  wallet: Wallet,
): { stop(): void } {
  const look = async (): Promise<void> => {
    for (const authority of authorities) {
      const { failed } = await renewIdentities({ wallet, authority });
      for (const { cause } of failed) warn('a certificate could not be renewed', cause);
    }
  };
  const run = () => void look().catch((cause: unknown) => warn('certificates could not be renewed', cause));
  run();
  const timer = setInterval(run, DAY).unref();
  return { stop: () => clearInterval(timer) };
}
