import type { Mutation } from './mutation.ts';

const narrative = (name: string, ...inside: readonly string[]): Mutation => ({
  name,
  applies: ({ type, definition }) => type === 'xhtml' && definition.path === 'Narrative.div',
  change: (object, _, random) => {
    object['div'] = `<div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p>${random.pick(inside)}</div>`;
  },
});

export const NARRATIVES: readonly Mutation[] = [
  narrative('script in the narrative', '<script>alert(1)</script>', '<p onclick="alert(1)">a</p>'),
  narrative(
    'form or object in the narrative',
    '<form action="a"><input/></form>',
    '<iframe src="a"/>',
    '<object/>',
  ),
  narrative('narrative that is not well-formed', '<p>', '</p>', '<b><i>a</b></i>'),
];
