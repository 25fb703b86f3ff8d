import type { Path, Step } from '../path.ts';
import type { ImplicitSystems } from './code-systems.ts';
import { Elements, type Element } from './elements.ts';
import { ExpressionError, type Expression } from './expression.ts';

/** A path on its way: what has been walked, and the element it stands on. */
interface Walk {
  element: Element;
  steps: readonly Step[];
  fromResource?: true;
  exists?: { unless?: boolean };
}

const RESULT: Element = { path: '', type: 'boolean' };

export interface PathCompiler {
  elements: Elements;
  systems: ImplicitSystems;
}

/** What an expression is evaluated on. */
export interface Context {
  /** The resource type; names of other resource types in the expression find nothing. */
  resource: string;
  /** Where it starts: the resource, or the repetition of a composite. */
  start: readonly Element[];
  /** For messages. */
  source: string;
}

function follow(compiler: PathCompiler, expression: Expression, context: Context): Walk[] {
  const below = (of: Expression): Walk[] => follow(compiler, of, context);
  const add = (of: Expression, step: Step): Walk[] =>
    below(of).map((walk) => ({ ...walk, steps: [...walk.steps, step] }));
  const member = (walks: readonly Walk[], name: string): Walk[] =>
    walks.flatMap((walk) =>
      compiler.elements
        .children(walk.element, name)
        .map((child) => ({ ...walk, element: child, steps: [...walk.steps, child.property] })),
    );
  const starts = (): Walk[] => context.start.map((element) => ({ element, steps: [] }));
  const resource: Element = { path: context.resource, type: context.resource };

  switch (expression.kind) {
    case 'root':
      if (expression.name === '%resource') return [{ element: resource, steps: [], fromResource: true }];
      return [context.resource, 'Resource', 'DomainResource'].includes(expression.name) ? starts() : [];
    case 'member':
      return member(expression.of === undefined ? starts() : below(expression.of), expression.name);
    case 'index':
      if (expression.of.kind !== 'member')
        throw new ExpressionError('an index of something other than an element', context.source);
      return add(expression.of, { index: expression.index });
    case 'type':
      return below(expression.of).filter((walk) => Elements.isType(walk.element.type, expression.type));
    case 'where':
      return add(expression.of, { where: expression.member, is: expression.is });
    case 'resolvesTo':
      return add(expression.of, { resolvesTo: expression.type });
    case 'extension':
      return member(below(expression.of), 'extension').map((walk) => ({
        ...walk,
        steps: [...walk.steps, { where: 'url', is: expression.url }],
      }));
    case 'exists':
      return below(expression.of).map((walk) => ({ ...walk, element: RESULT, exists: {} }));
    case 'and':
      return existsUnless(expression.both, below, context);
    case 'union':
      return expression.of.flatMap(below);
    case 'isNot':
      throw new ExpressionError('a comparison stands alone', context.source);
  }
}

// `x.exists() and x != false`, the one boolean expression that R4 has: is there an x, other than false?
function existsUnless(
  [left, right]: [Expression, Expression],
  below: (of: Expression) => Walk[],
  context: Context,
): Walk[] {
  const same =
    left.kind === 'exists' && right.kind === 'isNot' && JSON.stringify(left.of) === JSON.stringify(right.of);
  if (!same)
    throw new ExpressionError('a condition of another form than x.exists() and x != y', context.source);
  return below(right.of).map((walk) => ({ ...walk, element: RESULT, exists: { unless: right.value } }));
}

/**
 * The paths of JSON properties that an expression stands for, one for each branch of a union and type of a choice;
 * none if it is about other resource types only.
 */
export function pathsOf(compiler: PathCompiler, expression: Expression, context: Context): Path[] {
  const paths = walksOf(compiler, expression, context).map(
    ({ element, steps, fromResource, exists }): Path => {
      const system =
        element.type === 'code' && element.valueSet !== undefined
          ? compiler.systems.of(element.valueSet)
          : undefined;
      return {
        steps,
        type: element.type,
        ...system,
        ...(fromResource && { fromResource }),
        ...(exists !== undefined && { exists }),
      };
    },
  );
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** The elements that an expression leads to: where the components of a composite start. */
export function walksOf(compiler: PathCompiler, expression: Expression, context: Context): Walk[] {
  return follow(compiler, expression, context);
}
