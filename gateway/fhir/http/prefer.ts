import type { Prefer } from '../request.ts';

/** The header `Prefer`, RFC 7240; what is unknown in it is ignored, as the RFC says. */
export function parsePrefer(header: string | undefined): Prefer {
  const prefer: Prefer = { lenient: false };
  for (const part of (header ?? '').split(/[,;]/)) {
    const [name, value] = part.trim().split(/\s*=\s*/);
    if (
      name === 'return' &&
      (value === 'minimal' || value === 'representation' || value === 'OperationOutcome')
    ) {
      prefer.return = value;
    }
    if (name === 'handling') prefer.lenient = value === 'lenient';
  }
  return prefer;
}
