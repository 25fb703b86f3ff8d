/** How many faults of one resource are reported: more are of no use to anybody. */
export const MOST_ISSUES = 50;
