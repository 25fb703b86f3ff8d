import { CODES } from './codes.ts';
import { EXTENSIONS } from './extensions.ts';
import { FORMATS } from './formats.ts';
import { INVARIANTS } from './invariants.ts';
import type { Mutation } from './mutation.ts';
import { NARRATIVES } from './narratives.ts';
import { SHAPES } from './shapes.ts';

/** Every way to break a resource. Those of one name are of one kind. */
export const MUTATIONS: readonly Mutation[] = [
  ...SHAPES,
  ...CODES,
  ...FORMATS,
  ...EXTENSIONS,
  ...NARRATIVES,
  ...INVARIANTS,
];
