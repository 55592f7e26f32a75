/** Names under which the module gives the ports. */
export const RECEIPTS = Symbol('Receipts');
export const WRITE_FREEZES = Symbol('WriteFreezes');
