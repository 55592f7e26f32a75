import { inspect } from 'node:util';

/**
 * A value that must not be seen. It prints as `[secret]` in strings, JSON and inspection, and is opened only inside a
 * callback, so that a reader sees at a glance where a secret is in clear.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** Gives the value to `use` and returns what it returns. The value must not be kept after that. */
  open<R>(use: (value: T) => R): R {
    return use(this.#value);
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

export function secret<T>(value: T): Secret<T> {
  return new Secret(value);
}
