import { jest } from '@jest/globals';
import { FabricCa } from './fabric-ca.ts';

test('Fabric’s libraries write nothing where the gateway writes its log', async () => {
  const registrar = { enrollId: 'gateway', enrollSecretFile: '/nowhere' };
  const authority = await FabricCa.open({ url: 'http://127.0.0.1:9', registrar });
  const { default: common } = await import('fabric-common');
  const written = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write'));
  try {
    await expect(authority.chain()).rejects.toThrow();
    common.Utils.getLogger('test').error('told');
    for (const write of written) expect(write).not.toHaveBeenCalled();
  } finally {
    for (const write of written) write.mockRestore();
  }
});
