import { parseArgs } from 'node:util';
import { formatMachine, thisMachine } from '../bench/report/machine.ts';
import { formatTable } from '../bench/report/table.ts';
import { missingForJava } from '../bench/servers/maven.ts';
import { Definitions } from './definitions.ts';
import { hl7Examples, syntheaExamples } from './examples.ts';
import { mutantsOf, type Example } from './mutants.ts';
import { Random } from './random.ts';
import { nameOneElement } from './same-element.ts';
import { exampleTable, mutantTable, type Judged } from './table.ts';
import { gatewayValidator, hl7Validator, type Validator } from './validators.ts';

const USAGE = `usage: npm run conformance:validator -- [options]
  --each <n>    mutants of each type and kind (2)
  --seed <n>    of the random choice of what is broken, and how (1)
  --types <re>  of these types alone
  --list        print each case in which the two differ, as a JSON line, on standard error`;

interface Options {
  each: number;
  seed: number;
  types?: RegExp;
  list: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      each: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      types: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  const [each, seed] = [Number(values.each), Number(values.seed)];
  if (!Number.isInteger(each) || each < 0 || !Number.isInteger(seed))
    throw new TypeError('Not a whole number.');
  return {
    each,
    seed,
    list: values.list,
    ...(values.types !== undefined && { types: new RegExp(`^(?:${values.types})$`) }),
  };
}

/** Both validators' verdicts, one validator after the other; without the cases in which HL7's fails itself. */
async function judge<T extends Pick<Example, 'resource'>>(
  cases: readonly T[],
  hl7: Validator,
): Promise<Judged<T>[]> {
  const resources = cases.map(({ resource }) => resource);
  const theirs = await hl7(resources);
  const ours = await gatewayValidator(resources);
  return cases.flatMap((what, index) => {
    const [hl7, gateway] = [theirs[index], ours[index]];
    return hl7 && gateway ? [{ what, hl7, gateway }] : [];
  });
}

/** `npm run conformance:validator`: the gateway's validation beside HL7's, as tables. Exit 2: usage. */
async function main({ each, seed, types, list }: Options): Promise<void> {
  const missing = missingForJava();
  if (missing !== undefined) throw new Error(missing);
  const hl7 = await hl7Validator();
  const examples = [
    ...hl7Examples(types).map((example) => ({ ...example, source: 'HL7' })),
    ...syntheaExamples()
      .filter(({ resource }) => types?.test(resource.resourceType) ?? true)
      .map((example) => ({ ...example, source: 'Synthea' })),
  ];
  const judged = await judge(examples, hl7);
  const definitions = new Definitions();
  const accepted = judged.flatMap(({ what, hl7 }) => (hl7.length === 0 ? [what] : []));
  const mutants = await judge(mutantsOf(accepted, each, definitions, new Random(seed)), hl7);

  const machine = formatMachine(thisMachine(new Date(), undefined));
  process.stdout.write(`${machine}; HL7's validator of HAPI FHIR 8.6.0; seed ${seed}, each ${each}\n\n`);
  process.stdout.write(
    `${formatTable(exampleTable(judged))}\n${formatTable(mutantTable(mutants, definitions.choices))}`,
  );
  if (!list) return;
  for (const { what, hl7, gateway } of judged)
    if (hl7.length === 0 && gateway.length > 0) tell({ example: what.name, gateway });
  for (const { what, hl7, gateway } of mutants)
    if (hl7.length > 0 && !nameOneElement(hl7, gateway, definitions.choices))
      tell({ kind: what.kind, of: what.of, at: what.at, hl7, gateway });
}

const tell = (difference: object): boolean => process.stderr.write(`${JSON.stringify(difference)}\n`);

try {
  await main(readOptions());
} catch (error) {
  process.stderr.write(
    error instanceof TypeError
      ? `${error.message}\n${USAGE}\n`
      : `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
