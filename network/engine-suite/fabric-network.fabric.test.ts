import { describeFabric } from '../fabric/testing/fabric-network.ts';
import { openFabricEngine } from './fabric-engine.ts';
import { engineSuite } from './suite.ts';

describeFabric('Fabric', () => {
  engineSuite('fabric-network', () => openFabricEngine('fabric-network'));
});
