import type { Complaint, Verdict } from './validators.ts';

/**
 * The elements that a complaint names, in one form: `Observation.value`, without indices, with a choice's name alone.
 * HL7's validator says of what is missing or not known in which element it was looked for, and names it in its text.
 */
function elementsOf({ expression, text }: Complaint, choices: ReadonlySet<string>): string[] {
  const named = [expression];
  const child =
    /^(?:[A-Za-z]\S*\.)?([A-Za-z]+)(?:\[x\])?: minimum required/.exec(text)?.[1] ??
    /(?:property|element|Property|Element) '@?([^']+)'/.exec(text)?.[1] ??
    /^(?:Identifier|Extension)\.(system|url) must/.exec(text)?.[1] ??
    /base64 content in the (data) element/.exec(text)?.[1];
  if (child !== undefined) named.push(`${expression}.${child.replace(/^.*[./]/, '')}`);
  return named.map((one) => normalForm(one, choices));
}

/** `Bundle.entry[0].resource/*Patient/1*\/.value.ofType(Quantity)` → `Bundle.entry.resource.value`. */
export function normalForm(expression: string, choices: ReadonlySet<string>): string {
  return (
    expression
      .replace(/\/\*.*?\*\//g, '')
      .replace(/\[(?:\d+|x)\]/g, '')
      .replace(/\.(?:ofType|as)\(\w+\)/g, '')
      // JSON's mark of a type is no element: HL7's validator names the resource itself.
      .replace(/\.resourceType$/, '')
      .split('.')
      .map((step) => {
        for (const { index } of step.matchAll(/[A-Z]/g))
          if (choices.has(step.slice(0, index))) return step.slice(0, index);
        return step;
      })
      .join('.')
  );
}

/** Whether two validators name an element in common. */
export function nameOneElement(a: Verdict, b: Verdict, choices: ReadonlySet<string>): boolean {
  const named = new Set(a.flatMap((complaint) => elementsOf(complaint, choices)));
  return b.some((complaint) => elementsOf(complaint, choices).some((element) => named.has(element)));
}
