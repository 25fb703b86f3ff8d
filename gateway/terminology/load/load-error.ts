/** A file that cannot be loaded. The text names the file and what is wrong with it. */
export class LoadError extends Error {}
