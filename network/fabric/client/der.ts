/** ASN.1 in its distinguished encoding (DER), as little of it as is needed. */
function element(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const long = length < 0x80 ? [] : minimal(length);
  const size = long.length === 0 ? [length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** The bytes of a number, as few as it takes. */
function minimal(number: number): number[] {
  return number < 0x100 ? [number] : [...minimal(Math.floor(number / 0x100)), number % 0x100];
}

/** An INTEGER that is not negative, from its bytes, the highest first. */
export function derInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  // A highest bit that is set would make it negative.
  return element(0x02, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), short]) : short);
}

export const derNumber = (number: number): Buffer => derInteger(Uint8Array.from(minimal(number)));

export const derOctets = (bytes: Uint8Array): Buffer => element(0x04, bytes);

export const derSequence = (...members: Uint8Array[]): Buffer => element(0x30, Buffer.concat(members));
