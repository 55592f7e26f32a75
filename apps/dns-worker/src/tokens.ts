/** Names under which the module gives the ports. */
export const RECEIPTS = Symbol('Receipts');
export const CIRCUITS = Symbol('Circuits');
export const WRITE_FREEZES = Symbol('WriteFreezes');
