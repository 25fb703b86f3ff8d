import type { CodeSystemConceptDesignation, ParametersParameter } from '@medplum/fhirtypes';
import type { FhirResponse } from '../../request.ts';
import { parametersAnswer } from './answer.ts';
import type { CodingAsked } from './codings-asked.ts';

/** What is known of a code that is valid as such. */
export interface Known {
  display?: string;
  abstract?: boolean;
  designations: readonly CodeSystemConceptDesignation[];
}

export interface Verdict {
  result: boolean;
  message?: string;
  display?: string;
}

const folded = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();

/** Judges what else a coding says: its display is one of the concept's, and it is abstract only where that is wanted. */
export function verdictOn(asked: CodingAsked, known: Known, abstractWanted: boolean): Verdict {
  const display = known.display !== undefined ? { display: known.display } : {};
  if (known.abstract && !abstractWanted)
    return {
      result: false,
      message: `The code ${asked.code} is abstract: it is not to be used itself.`,
      ...display,
    };
  const names = [known.display, ...known.designations.map(({ value }) => value)].filter(
    (one) => one !== undefined,
  );
  const named = asked.display;
  if (named === undefined || names.length === 0 || names.some((one) => folded(one) === folded(named)))
    return { result: true, ...display };
  return {
    result: false,
    message: `The display "${named}" is none of the code ${asked.code}; it is "${known.display ?? names[0] ?? ''}".`,
    ...display,
  };
}

/** One coding that holds is enough; else the first says why not. */
export function verdictAnswer(verdicts: readonly Verdict[]): FhirResponse {
  const { result, message, display } = verdicts.find((one) => one.result) ?? verdicts[0] ?? { result: false };
  const parameter: (ParametersParameter | undefined)[] = [
    { name: 'result', valueBoolean: result },
    message === undefined ? undefined : { name: 'message', valueString: message },
    display === undefined ? undefined : { name: 'display', valueString: display },
  ];
  return parametersAnswer(parameter);
}
