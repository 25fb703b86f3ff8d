import type { Engine, OpenEngine } from './engine.ts';
import { functionTests } from './functions.ts';
import { rightsTests } from './rights.ts';
import { sharingTests } from './sharing.ts';
import { conflictTests } from './conflicts.ts';
import { deliveryTests } from './delivery.ts';
import { erasureTests } from './erasure.ts';
import { sizeTests } from './sizes.ts';
import { outageTests } from './outages.ts';
import { found, type People } from './people.ts';

/** What the tests of a suite share; filled in before the first of them runs. */
export interface Stage {
  engine: Engine;
  people: People;
}

/**
 * What every engine of the ledger does, whichever stands behind the port: the tests of one are the tests of all. Opens
 * one ledger for all of them, which a network takes its time for.
 */
export function engineSuite(name: string, open: OpenEngine): void {
  describe(`the ledger on ${name}`, () => {
    const stage = {} as Stage;
    beforeAll(async () => {
      stage.engine = await open();
      stage.people = await found(stage.engine);
    });
    afterAll(() => stage.engine.close());

    functionTests(stage);
    rightsTests(stage);
    sharingTests(stage);
    conflictTests(stage);
    deliveryTests(stage);
    erasureTests(stage);
    sizeTests(stage);
    outageTests(stage);
  });
}
