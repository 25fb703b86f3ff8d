import { NeedleSearch, type Needle } from './needle-search.ts';
import type { PublicFile } from './public-files.ts';
import { unpackedWithin } from './unpacked.ts';

/** What of the needles is found in the files, plain or packed: `run/peer0.lab.example.log: Ada (base64 at 1)`, once each. */
export function leaksIn(files: Iterable<PublicFile>, needles: Iterable<Needle>): string[] {
  const search = new NeedleSearch(needles);
  const leaks: string[] = [];
  for (const { name, bytes } of files) {
    for (const { what } of search.find(bytes)) leaks.push(`${name}: ${what}`);
    for (const unpacked of unpackedWithin(bytes))
      for (const { what } of search.find(unpacked)) leaks.push(`${name}: ${what}, packed`);
  }
  return leaks;
}
