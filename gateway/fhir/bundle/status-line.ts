import { STATUS_CODES } from 'node:http';

/** `201 Created`, as Bundle.entry.response.status wants it. */
export const statusLine = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();
