/** The token under which the `Clock` of @connect/domain is injected. */
export const CLOCK = Symbol('clock');
