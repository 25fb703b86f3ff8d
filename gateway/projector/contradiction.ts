/** What the ledger was told is not what the content says, or says nothing that can be understood. */
export class Contradiction extends Error {}
