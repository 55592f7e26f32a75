/** What the house refuses by syntax: one row, one reason. A remark made twice in review becomes a row here with its planted violation. */
export const bareError = {
  selector: ':matches(NewExpression, CallExpression)[callee.name=/^(Error|TypeError|RangeError)$/]',
  message: 'Throw a ConnectError or ProviderError: a code of the catalogue carries the decision, a text does not.',
};
export const clock = [
  { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: 'Ask for a Clock.' },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Ask for a Clock.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'Ask for a Clock.' },
  { selector: 'MemberExpression[object.name="performance"][property.name="now"]', message: 'Ask for a Clock.' },
  { selector: 'MemberExpression[object.name="process"][property.name="hrtime"]', message: 'Ask for a Clock.' },
];
export const randomness = { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'Ask for randomness: a constructor shows all a class needs.' };
export const environment = { selector: 'MemberExpression[object.name="process"][property.name="env"]', message: 'Settings come through libs/config.' };
export const shape = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
  { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Use a named export.' },
  { selector: 'ClassDeclaration[id.name=/(Manager|Helper|Util)/]', message: 'Name it for what it does: Manager, Helper and Util say nothing.' },
];
export const sleeping = [
  { selector: 'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]', message: 'A test does not sleep: move the time, or await the condition.' },
  { selector: 'ImportDeclaration[source.value="node:timers/promises"]', message: 'A test does not sleep: move the time, or await the condition.' },
];
export const leftOut = {
  selector: ':matches(MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo)$/], CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/])',
  message: 'No test is left out: mend it or delete it.',
};

const ciphers = [
  'createCipheriv', 'createDecipheriv', 'publicEncrypt', 'publicDecrypt', 'privateEncrypt', 'privateDecrypt', 'webcrypto', 'subtle',
  'Cipher', 'Cipheriv', 'Decipher', 'Decipheriv',
];
const cipherMessage = 'Ciphers live in credential-vault and libs/sealing only.';

/** Options of `no-restricted-imports` against ciphers. */
export const cipherImports = ['node:crypto', 'crypto'].map((name) => ({ name, importNames: ciphers, message: cipherMessage }));
/** The same through `import * as crypto` or the global `crypto`. */
export const cipherCalls = {
  selector: `MemberExpression[property.name=/^(${ciphers.slice(0, 8).join('|')})$/]`,
  message: cipherMessage,
};
/** `node:net` opens sockets, but it also knows what an address is; only that part is pure. The other socket modules: .dependency-cruiser.cjs. */
export const pureNet = ['node:net', 'net'].map((name) => ({
  name, allowImportNames: ['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'], message: 'Sockets are opened in dns-client and adapters/transport only.',
}));
/** What a provider may not reach for: the network comes through `HttpClient` and `DnsUpdateClient`. */
export const networkGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({
  name, message: 'The network is reached through the ports HttpClient and DnsUpdateClient.',
}));
/** The verifier may know which addresses it may ask, and nothing else of the transport. */
export const outgoingPolicyOnly = {
  regex: '^@connect/adapters/transport$', allowImportNamePattern: '[Oo]utgoing', message: 'The verifier uses the outgoing policy of the transport only.',
};
