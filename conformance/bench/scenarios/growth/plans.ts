/** A statement of a search, and the steps that the database takes for it. */
export interface Statement {
  text: string;
  steps: string[];
}

/** Reads what `npm run index -- plan` prints: a line for each statement, an indented one for each of its steps. */
export function readPlan(said: string): Statement[] {
  const statements: Statement[] = [];
  for (const line of said.split('\n').filter((one) => one.trim() !== '')) {
    if (line.startsWith('  ')) statements.at(-1)?.steps.push(line.trim());
    else statements.push({ text: line, steps: [] });
  }
  return statements;
}

/** What a statement itself gathers is as small as a page; a table is as large as the ledger. */
const OF_ITS_OWN =
  /^SCAN (\(?subquery|added|begun|both_kinds|counted|every_row|granted|hop|linked|odd|opened|page|ranged|once|o|CONSTANT ROW|json_each)\b/i;
/** All of a type are all there is. */
const WHOLE_TYPE = /^SEARCH \w+ USING (COVERING )?INDEX resource_\w+ \(type=\?\)$/;
/** So are all values of a parameter; but a walk in the order of a sort key (`d`) ends with its page. */
const WHOLE_PARAMETER = /^SEARCH (?!d )\w+ USING .*\(parameter=\?\)$/;

/** The steps that take longer the more resources there are. */
export const scansOf = (statements: readonly Statement[]): string[] =>
  statements
    .flatMap(({ steps }) => steps)
    .filter(
      (step) =>
        (step.startsWith('SCAN ') && !OF_ITS_OWN.test(step)) ||
        WHOLE_TYPE.test(step) ||
        WHOLE_PARAMETER.test(step),
    );

/** The steps that read something, each once: what is looked up by which index, what is gathered and sorted. */
export const readingSteps = (statements: readonly Statement[]): string[] => [
  ...new Set(
    statements.flatMap(({ steps }) => steps).filter((step) => /^(SEARCH|SCAN|USE TEMP B-TREE)\b/.test(step)),
  ),
];
