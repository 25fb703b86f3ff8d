const CAPACITY = 50_000;

/** Sets a value and makes it the newest; what was set longest ago goes when there are too many. */
export function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > CAPACITY ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
