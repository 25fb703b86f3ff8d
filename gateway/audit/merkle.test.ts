import { merkle, MerkleRoot, rootOf } from './merkle.ts';

test.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65])(
  'in a tree of %i leaves every path leads to the root, however it was made',
  (size) => {
    const values = Array.from({ length: size }, (_, n) => Buffer.from(`value ${n}`));
    const growing = new MerkleRoot();
    for (const value of values) growing.add(value);
    for (const [place, value] of values.entries()) {
      const { root, path } = merkle(values, place);
      expect(rootOf(value, path)).toBe(root);
      expect(growing.root).toBe(root);
      expect(rootOf(Buffer.from('another'), path)).not.toBe(root);
    }
  },
);

test('the tree is that of RFC 6962', () => {
  const values = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  expect(merkle(values).root).toBe('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
  expect(() => merkle([])).toThrow(RangeError);
});
